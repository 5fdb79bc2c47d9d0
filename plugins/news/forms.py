"""What is typed about categories."""

from consult.api import Form, LineField, lazy_pgettext


class CategoryForm(Form):
    """The names of a category."""

    name_bg = LineField(lazy_pgettext("news", "Name"), 60, missing=lazy_pgettext("news", "Give the category a name."))
    name_en = LineField(lazy_pgettext("news", "Name in English"), 60, is_needed=False)
    name_tr = LineField(lazy_pgettext("news", "Name in Turkish"), 60, is_needed=False)
