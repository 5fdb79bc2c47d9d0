"""The embroidery motifs a municipality may choose from: grids of 16 by 9 squares that join into a band."""

from urllib.parse import quote

WIDTH, HEIGHT = 16, 9

# A hash is a stitch. Each grid repeats sideways, so its left edge must go on from its right one.
MOTIFS = {
    "soyur": """
        ........#.......
        .......#.#......
        #.....#...#.....
        .#...#..#..#...#
        #.#.#..###..#.#.
        .#...#..#..#...#
        #.....#...#.....
        .......#.#......
        ........#.......
    """,
    "linden": """
        ..##.##.........
        .###.###...#....
        .###.###..#.#...
        .###.###.#.#.#..
        ..##.##...#.#...
        ...#.#..#..#..#.
        ....#....#.#.#..
        ....#.....###...
        ....#......#....
    """,
    "waves": """
        ...........###..
        .........#######
        #.......###...##
        ##.....##.......
        .########.......
        ..######.###....
        ....#.......#...
        .###.........###
        #...............
    """,
    "peaks": """
        ........#.......
        .......###......
        ......##.##.....
        .....##...##....
        ....##..#..##...
        ...##..#.#..##..
        ..##..#.#.#..##.
        .##..#.###.#..##
        ##..#.#####.#..#
    """,
    "meanders": """
        #######.#######.
        #.....#.#.....#.
        #.###.#.#.###.#.
        #.#.#.#.#.#.#.#.
        #.#...#.#.#...#.
        #.#####.#.#####.
        #.......#.......
        #.#####.#.#####.
        #.#...#.#.#...#.
    """,
    "rose": """
        ...#.#..........
        ..##.##.........
        .#.###.#....#...
        ####.####..#.#..
        ..#...#...#.#.#.
        ####.####..#.#..
        .#.###.#....#...
        ..##.##.........
        ...#.#..........
    """,
    "sheaf": """
        ....#...........
        ..#.#.#.....#...
        ...###....#.#.#.
        ..#.#.#....###..
        ...###....#.#.#.
        ..#.#.#....###..
        ...###....#.#.#.
        ....#......###..
        ....#.......#...
    """,
    "vine": """
        ....#......###..
        .....##...#...#.
        ..###.#...#...#.
        .#.#.#.#....#.#.
        #.#.#.#.#..#..#.
        .#.#.#.#....##..
        ..#.#.#...##....
        ...#.#...#......
        ....#...........
    """,
}


def motif_path(key: str) -> str:
    """Return the motif as one SVG path: each run of stitches in a row is a rectangle one unit high."""
    runs = []
    for y, row in enumerate(MOTIFS[key].split()):
        x = 0
        for run in row.replace(".#", ". #").replace("#.", "# .").split():
            if run.startswith("#"):
                runs.append(f"M{x} {y}h{len(run)}v1h-{len(run)}z")
            x += len(run)
    return "".join(runs)


def motif_url(key: str) -> str:
    """Return the motif as a data: address of an SVG image, safe inside url("…")."""
    svg = (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {WIDTH} {HEIGHT}' shape-rendering='crispEdges'>"
        f"<path d='{motif_path(key)}'/></svg>"
    )
    return "data:image/svg+xml," + quote(svg, safe=" ='/:")
