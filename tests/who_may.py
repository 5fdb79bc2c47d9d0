"""Who may do what, written by hand: every page, every method, everybody, and the status that each of them gets.

The columns: a visitor; a resident without a role; the editor, moderator and admin of the municipality; the operator of
the installation; and the admin of the neighbour. 302 leads to signing in; a page that is not there for anybody is 404.
Changes that are allowed lead on (303) where the form may be empty, else they give it back (422).
"""

from __future__ import annotations

WHO = ("visitor", "resident", "editor", "moderator", "admin", "operator", "neighbour")

# In a municipality that has the modules on.
TOWN = """
GET  home.home               200 200 200 200 200 200 200
GET  calendars.feed          200 200 200 200 200 200 200
GET  installation.theme      200 200 200 200 200 200 200
GET  account.sign_in         200 200 200 200 200 200 200
POST account.sign_in         422 422 422 422 422 422 422
POST account.sign_out        303 303 303 303 303 303 303
GET  link.ask                 200 200 200 200 200 200 200
POST link.ask                422 422 422 422 422 422 422
GET  link.follow             200 200 200 200 200 200 200
POST link.follow             422 422 422 422 422 422 422
GET  profile.page            302 200 200 200 200 200 200
POST profile.rename          401 422 422 422 422 422 422
POST profile.set_password    401 422 422 422 422 422 422
POST profile.end_sign_ins    401 422 422 422 422 422 422
GET  following.follow        200 200 200 200 200 200 200
POST following.follow        422 303 303 303 303 303 303
GET  following.asked         200 200 200 200 200 200 200
POST following.stop_mine     401 303 303 303 303 303 303
GET  following.confirm       200 200 200 200 200 200 200
POST following.confirm       303 303 303 303 303 303 303
GET  following.stop          200 200 200 200 200 200 200
POST following.stop          200 200 200 200 200 200 200

GET  participation.own          302 200 200 200 200 200 200
GET  participation.own_receipt  302 200 404 404 404 404 404
GET  participation.receipt      200 200 200 200 200 200 200
POST participation.confirm      303 303 303 303 303 303 303
GET  participation.edit         200 200 200 200 200 200 200
POST participation.edit         422 422 422 422 422 422 422
GET  participation.withdraw     200 200 200 200 200 200 200
POST participation.withdraw     303 303 303 303 303 303 303
GET  participation.disown       200 200 200 200 200 200 200
POST participation.disown       303 303 303 303 303 303 303
GET  participation.appeal       200 200 200 200 200 200 200
POST participation.appeal       303 303 303 303 303 303 303
GET  participation.data         200 200 200 200 200 200 200
GET  reporting.report           200 200 200 200 200 200 200
POST reporting.report           422 422 422 422 422 422 422
GET  reporting.thanks           200 200 200 200 200 200 200
GET  reporting.file             200 200 200 200 200 200 200
GET  moderation.rules           200 200 200 200 200 200 200
GET  moderation.register        200 200 200 200 200 200 200
GET  moderation.register_csv    200 200 200 200 200 200 200
GET  moderation.waiting_list    302 403 403 200 200 403 403
GET  moderation.opinion         302 403 403 200 200 403 403
POST moderation.publish         401 403 403 303 303 403 403
POST moderation.dismiss         401 403 403 303 303 403 403
GET  moderation.mask            302 403 403 200 200 403 403
POST moderation.mask            401 403 403 422 422 403 403
GET  moderation.hide            302 403 403 200 200 403 403
POST moderation.hide            401 403 403 422 422 403 403
GET  moderation.decide          302 403 403 200 200 403 403
POST moderation.decide          401 403 403 422 422 403 403
POST moderation.original        401 403 403 200 200 403 403

GET  files.file              200 200 200 200 200 200 200

GET  desk.today              302 403 200 200 200 403 403
GET  admin.modules_page      302 403 403 403 200 403 403
POST admin.switch_on         401 403 403 403 303 403 403
POST admin.switch_off        401 403 403 403 303 403 403
GET  admin.settings_page     302 403 403 403 200 403 403
POST admin.settings_page     401 403 403 403 422 403 403

GET  news.posts              200 200 200 200 200 200 200
GET  news.post               200 200 200 200 200 200 200
GET  news.post_with_tail     200 200 200 200 200 200 200
GET  news.feed               200 200 200 200 200 200 200
GET  news.desk_list          302 403 200 403 200 403 403
GET  news.desk_new           302 403 200 403 200 403 403
POST news.desk_new           401 403 422 403 422 403 403
GET  news.desk_edit          302 403 200 403 200 403 403
POST news.desk_edit          401 403 422 403 422 403 403
GET  news.desk_versions      302 403 200 403 200 403 403
POST news.desk_archive       401 403 303 403 303 403 403
POST news.desk_restore       401 403 303 403 303 403 403
GET  news.desk_withdraw      302 403 403 403 200 403 403
POST news.desk_withdraw      401 403 403 403 422 403 403
GET  news.desk_files         302 403 200 403 200 403 403
POST news.desk_files         401 403 422 403 422 403 403
GET  news.desk_remove_file   302 403 200 403 200 403 403
POST news.desk_remove_file   401 403 303 403 303 403 403
GET  news.category_list      302 403 403 403 200 403 403
POST news.category_list      401 403 403 403 422 403 403
GET  news.category           302 403 403 403 200 403 403
POST news.category           401 403 403 403 422 403 403

GET  events.desk_list        302 403 200 403 200 403 403
GET  events.desk_new         302 403 200 403 200 403 403
POST events.desk_new         401 403 422 403 422 403 403
GET  events.desk_edit        302 403 200 403 200 403 403
POST events.desk_edit        401 403 422 403 422 403 403
GET  events.desk_versions    302 403 200 403 200 403 403
POST events.desk_archive     401 403 303 403 303 403 403
POST events.desk_restore     401 403 303 403 303 403 403
GET  events.desk_withdraw    302 403 403 403 200 403 403
POST events.desk_withdraw    401 403 403 403 422 403 403
GET  events.desk_files       302 403 200 403 200 403 403
POST events.desk_files       401 403 422 403 422 403 403
GET  events.desk_remove_file 302 403 200 403 200 403 403
POST events.desk_remove_file 401 403 303 403 303 403 403
GET  events.cancel           302 403 200 403 200 403 403
POST events.cancel           401 403 422 403 422 403 403
GET  events.afterwards       302 403 200 403 200 403 403
POST events.afterwards       401 403 303 403 303 403 403
GET  events.thanks           302 403 200 403 200 403 403
POST events.thanks           401 403 303 403 303 403 403
GET  events.place_list       302 403 200 403 200 403 403
GET  events.enter_place      302 403 200 403 200 403 403
POST events.enter_place      401 403 422 403 422 403 403
GET  events.staff_place      302 403 200 403 200 403 403
POST events.staff_place      401 403 422 403 422 403 403
GET  events.give_back        302 403 200 403 200 403 403
POST events.give_back        401 403 303 403 303 403 403
GET  events.sheet            302 403 200 403 200 403 403
POST events.print_sheet      401 403 200 403 200 403 403
POST events.sheet_csv        401 403 200 403 200 403 403
POST events.sheet_xlsx       401 403 200 403 200 403 403
GET  events.door             302 403 200 200 200 403 403
POST events.tick             401 403 303 303 303 403 403
POST events.untick           401 403 303 303 303 403 403
POST events.let_in           401 403 422 422 422 403 403

GET  events.events           200 200 200 200 200 200 200
GET  events.event            200 200 200 200 200 200 200
GET  events.event_with_tail  200 200 200 200 200 200 200
GET  events.event_calendar   200 200 200 200 200 200 200
POST events.register         422 422 422 422 422 422 422
GET  events.asked            200 200 200 200 200 200 200
GET  events.mine             302 200 200 200 200 200 200
GET  events.place            200 200 200 200 200 200 200
POST events.place_confirm    303 303 303 303 303 303 303
POST events.place_accept     303 303 303 303 303 303 303
GET  events.place_change     200 200 200 200 200 200 200
POST events.place_change     422 422 422 422 422 422 422
GET  events.place_give_back  200 200 200 200 200 200 200
POST events.place_give_back  303 303 303 303 303 303 303
GET  events.place_forget     200 200 200 200 200 200 200
POST events.place_forget     303 303 303 303 303 303 303
GET  events.place_data       200 200 200 200 200 200 200
GET  events.place_calendar   200 200 200 200 200 200 200

GET  notices.board           200 200 200 200 200 200 200
GET  notices.desk            302 403 200 403 200 403 403
POST notices.desk            401 403 422 403 422 403 403
POST notices.remove          401 403 303 403 303 403 403

GET  consultations.desk_list               302 403 200 403 200 403 403
GET  consultations.desk_new                302 403 200 403 200 403 403
POST consultations.desk_new                401 403 422 403 422 403 403
GET  consultations.desk_edit               302 403 200 403 200 403 403
POST consultations.desk_edit               401 403 422 403 422 403 403
GET  consultations.desk_versions           302 403 200 403 200 403 403
POST consultations.desk_archive            401 403 303 403 303 403 403
POST consultations.desk_restore            401 403 303 403 303 403 403
GET  consultations.desk_withdraw           302 403 403 403 200 403 403
POST consultations.desk_withdraw           401 403 403 403 422 403 403
GET  consultations.desk_files              302 403 200 403 200 403 403
POST consultations.desk_files              401 403 422 403 422 403 403
GET  consultations.desk_remove_file        302 403 200 403 200 403 403
POST consultations.desk_remove_file        401 403 303 403 303 403 403
GET  consultations.texts                   302 403 200 403 200 403 403
POST consultations.texts                   401 403 422 403 422 403 403
GET  consultations.ready                   302 403 200 403 200 403 403
GET  consultations.open_it                 302 403 200 403 200 403 403
POST consultations.open_it                 401 403 409 403 409 403 403
GET  consultations.outcome                 302 403 200 403 200 403 403
POST consultations.outcome                 401 403 303 403 303 403 403
GET  consultations.procedure_list          302 403 403 403 200 403 403
POST consultations.procedure_usual         401 403 403 403 303 403 403
GET  consultations.procedure_new           302 403 403 403 200 403 403
POST consultations.procedure_new           401 403 403 403 422 403 403
GET  consultations.procedure_edit          302 403 403 403 200 403 403
POST consultations.procedure_edit          401 403 403 403 422 403 403

GET  consultations.consultations           200 200 200 200 200 200 200
GET  consultations.consultation            200 200 200 200 200 200 200
GET  consultations.consultation_with_tail  200 200 200 200 200 200 200
GET  consultations.short                   301 301 301 301 301 301 301
GET  consultations.why                     200 200 200 200 200 200 200
GET  consultations.versions                200 200 200 200 200 200 200
GET  consultations.compare                 200 200 200 200 200 200 200
GET  consultations.on_paper                200 200 200 200 200 200 200
GET  consultations.feed                    200 200 200 200 200 200 200
GET  consultations.consultations_json      200 200 200 200 200 200 200
GET  consultations.opinions_csv            200 200 200 200 200 200 200
GET  consultations.opinions_json           200 200 200 200 200 200 200
GET  consultations.opinions                200 200 200 200 200 200 200
GET  consultations.passage                 200 200 200 200 200 200 200
GET  consultations.opinion                 200 200 200 200 200 200 200
GET  consultations.wordings                200 200 200 200 200 200 200
GET  consultations.check_mail              200 200 200 200 200 200 200
POST consultations.send                    422 422 422 422 422 422 422
GET  consultations.reply                   200 200 200 200 200 200 200
POST consultations.reply                   422 422 422 422 422 422 422
POST consultations.agree_with              401 303 303 303 303 303 303
"""

# At the addresses of the region. What has no line here is not there: 404 for everybody.
REGION = """
GET  home.home               200 200 200 200 200 200 200
GET  calendars.feed          200 200 200 200 200 200 200
GET  installation.theme      200 200 200 200 200 200 200
GET  account.sign_in         200 200 200 200 200 200 200
POST account.sign_in         422 422 422 422 422 422 422
POST account.sign_out        303 303 303 303 303 303 303
GET  link.ask                 200 200 200 200 200 200 200
POST link.ask                422 422 422 422 422 422 422
GET  link.follow             404 404 404 404 404 404 404
POST link.follow             404 404 404 404 404 404 404
GET  profile.page            302 200 200 200 200 200 200
POST profile.rename          401 422 422 422 422 422 422
POST profile.set_password    401 422 422 422 422 422 422
POST profile.end_sign_ins    401 422 422 422 422 422 422

GET  operator.overview       302 403 403 403 403 200 403
POST operator.allow          401 403 403 403 403 303 403
POST operator.forbid         401 403 403 403 403 303 403
POST operator.open_town      401 403 403 403 403 303 403
POST operator.close_town     401 403 403 403 403 303 403
GET  operator.letters        302 403 403 403 403 200 403
POST operator.try_letters    401 403 403 403 403 303 403
POST operator.try_letter     401 403 403 403 403 303 403
"""

# Addresses of the installation: the same at every host.
INSTALLATION = """
GET  installation.healthz       200 200 200 200 200 200 200
GET  installation.security_txt  200 200 200 200 200 200 200
GET  installation.robots        200 200 200 200 200 200 200
"""

Row = dict[str, int]  # who → status
Table = dict[tuple[str, str], Row]  # (endpoint, method) → row


def read(table: str) -> Table:
    """A table as a mapping."""
    rows: Table = {}
    for line in filter(None, table.splitlines()):
        method, endpoint, *statuses = line.split()
        rows[endpoint, method] = dict(zip(WHO, map(int, statuses), strict=True))
    return rows
