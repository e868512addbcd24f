"""The pages of `netscan report` and `compare` in a browser, used by mouse and keyboard.

Usage: page_test.py LAB.html BIG.html BOTH.html MANY.html COMPARED.html
    (the lab from pc; a /16; the lab from pc and node; 24 vantages of tests/cli/many_vantages.py; these compared)
"""
import sys
import time

from browser import Browser

failures = 0


def check(name, holds, saw=""):
    global failures
    failures += not holds
    print(f"ok - {name}" if holds else f"not ok - {name}: {saw}")


def click_cell(browser, map_number, address):
    """Clicks where a person sees the address: its row has a label, its column follows from that."""
    offset = int(address.split(".")[3]) % 32
    row_name = address.rsplit(".", 1)[0] + f".{int(address.split('.')[3]) - offset}"
    x, y = browser.value(f"""(() => {{
      const map = document.querySelectorAll('.map')[{map_number}];
      map.scrollIntoView({{block: 'center'}});
      const label = [...map.querySelectorAll('text')].find((t) => t.textContent === '{row_name}');
      const cells = map.querySelector('g:nth-of-type(2)').getBoundingClientRect();
      const unit = cells.width / (32 * 20 + 15 - 2);  // cells of 20, three gaps of 5, no edge
      const box = label.getBoundingClientRect();
      const column = {offset};
      return [cells.x + unit * (column * 20 + Math.floor(column / 8) * 5 + 9), box.y + box.height / 2];
    }})()""")
    browser.click_at(x, y)


def quiet(browser, name):
    files = [url for url in browser.requests if not url.startswith("file://")]
    check(f"{name}: no request but for the file itself", len(browser.requests) == 1 and not files, browser.requests)
    check(f"{name}: no error and nothing in the console", not browser.complaints, browser.complaints)


def lab_page(browser, path):
    browser.open(path)
    check("lab: both good addresses are in the overview",
          "10.0.0.232, 10.0.0.249" in browser.text("main section"), browser.text("main section"))
    taken = [row.split()[2] for row in browser.texts("#candidate-table .accepted")]
    check("lab: and are the candidates", taken == ["10.0.0.232", "10.0.0.249"], taken)

    click_cell(browser, 0, "10.0.0.60")
    evidence = browser.text("#evidence")
    check("lab: a click on 10.0.0.60 gives its evidence",
          all(word in evidence for word in ("10.0.0.60", "Port 80: filtered", "Port 443: filtered",
                                            "admin-prohibited", "3/13", "192.168.77.1", "RTT")), evidence)
    click_cell(browser, 0, "10.0.0.249")
    check("lab: and one on 10.0.0.249 its own", browser.text("#evidence-of") == "10.0.0.249"
          and "syn-ack" in browser.text("#evidence"), browser.text("#evidence"))
    for key, address in (("ArrowLeft", "10.0.0.248"), ("ArrowUp", "10.0.0.216"), ("Home", "10.0.0.0"),
                         ("ArrowDown", "10.0.0.32"), ("End", "10.0.0.255")):
        browser.press(key)
        check(f"lab: {key} goes to {address}", browser.text("#evidence-of") == address, browser.text("#evidence-of"))
    stops = browser.value("document.querySelectorAll('.map [tabindex], .map[tabindex]').length")
    check("lab: the map is one stop of the Tab key", stops == 1, stops)
    browser.click("#go-to")
    browser.type("10.0.0.61")
    browser.press("Enter", "\r")
    check("lab: an address can be typed", browser.text("#evidence-of") == "10.0.0.61", browser.text("#evidence-of"))

    browser.click("#filter-filtered")
    browser.click("#filter-closed")
    rows = browser.texts("#probe-table tbody tr td:first-child")
    check("lab: filtered to what is open", sorted(rows) == ["10.0.0.232"] * 2 + ["10.0.0.249"] * 2, rows)
    check("lab: the count is said", browser.text("#shown") == "4 of 512 probes", browser.text("#shown"))
    check("lab: the map fades the others", browser.value("document.querySelectorAll('.map .cell.dim').length") > 0)
    browser.click("#filter-reset")
    check("lab: all are back", browser.text("#shown").startswith("512 of 512"), browser.text("#shown"))
    choose(browser, "#filter-reason", "admin-prohibited")
    choose(browser, "#filter-port", "443")
    rows = browser.texts("#probe-table tbody tr td:first-child")
    check("lab: filtered by reason and port", rows == [f"10.0.0.{i}" for i in range(60, 70)], rows)

    browser.click("#probe-table th:nth-child(1) button")
    browser.click("#probe-table th:nth-child(1) button")
    rows = browser.texts("#probe-table tbody tr td:first-child")
    check("lab: sorted by address, downward", rows == [f"10.0.0.{i}" for i in range(69, 59, -1)], rows)
    sorts = browser.value("[...document.querySelectorAll('#probe-table th')].map((th) => th.ariaSort)")
    check("lab: aria-sort says so", sorts[0] == "descending" and not any(sorts[1:]), sorts)
    browser.click("#probe-table tbody tr:nth-child(2) button")
    check("lab: a row leads to the evidence", browser.text("#evidence-of") == "10.0.0.68", browser.text("#evidence-of"))

    paper = "getComputedStyle(document.body).backgroundColor"
    browser.prefer("light")
    light = browser.value(paper)
    browser.prefer("dark")
    dark = browser.value(paper)
    check("lab: the colours follow the system", light != dark, light)
    browser.click("#theme")
    check("lab: and the switch", browser.value(paper) == light, browser.value(paper))
    for width in (390, 1280):
        browser.resize(width, 900)
        wide = browser.value("document.documentElement.scrollWidth")
        check(f"lab: nothing sticks out at {width} pixels", wide <= width, wide)
    quiet(browser, "lab")


def choose(browser, selector, text):
    """By keyboard, which is how a select is driven without its popup."""
    browser.value(f"document.querySelector('{selector}').focus()")
    options = browser.value(f"[...document.querySelector('{selector}').options].map((o) => o.text)")
    for _ in range(options.index(text)):
        browser.press("ArrowDown")


def big_page(browser, path):
    began = time.monotonic()
    browser.open(path)
    shown = browser.text("#shown")
    check("big: all 65536 probes are there", shown.startswith("65536 of 65536"), shown)
    check("big: usable within 5 s", time.monotonic() - began < 5, time.monotonic() - began)
    count = browser.value("document.querySelectorAll('*').length")
    check("big: with few elements", count < 5000, count)
    x, y, side = browser.value("""(() => {
      const svg = document.querySelector('.map svg');
      svg.scrollIntoView({block: 'center'});
      const box = svg.querySelector('g:nth-of-type(2)').getBoundingClientRect();
      return [box.x, box.y, box.width];
    })()""")
    # The curve begins in a corner; the two cells beside it are the second and the fourth address.
    browser.click_at(x + side / 512, y + side / 512)
    check("big: the first corner is the first address", browser.text("#evidence-of") == "10.64.0.0",
          browser.text("#evidence-of"))
    seen = set()
    for key in ("ArrowRight", "ArrowDown", "ArrowLeft"):
        browser.press(key)
        seen.add(browser.text("#evidence-of"))
    check("big: its neighbours are the next three", seen == {"10.64.0.1", "10.64.0.2", "10.64.0.3"}, seen)
    click_cell(browser, 1, "10.64.0.77")
    check("big: the part map takes clicks", browser.text("#evidence-of") == "10.64.0.77", browser.text("#evidence-of"))
    began = time.monotonic()
    browser.click("#filter-filtered")
    check("big: filters at once", time.monotonic() - began < 2, time.monotonic() - began)
    check("big: and rightly", browser.text("#shown").startswith("13021 of 65536"), browser.text("#shown"))
    quiet(browser, "big")


def both_page(browser, path):
    browser.open(path)
    check("both: a map for each vantage", browser.texts("#maps h3") ==
          ["10.0.0.0/24 from pc", "10.0.0.0/24 from node"], browser.texts("#maps h3"))
    differ = " ".join(browser.texts("#difference-table tbody tr"))
    check("both: the old VIP is among the differences",
          "10.0.0.216:80,443" in differ and "answers at node, silent from pc" in differ, differ)
    browser.click("#go-to")
    browser.type("10.0.0.216")
    browser.press("Enter", "\r")
    evidence = browser.text("#evidence")
    check("both: the evidence is from both", "From pc: silent" in evidence
          and "From node: open on all ports" in evidence, evidence)
    browser.click("#filter-differing")
    rows = set(browser.texts("#probe-table tbody tr td:first-child"))
    wanted = {f"10.0.0.{i}" for i in (11, 216, *range(80, 90))}
    check("both: filtered to what differs", rows == wanted, rows ^ wanted)
    browser.resize(390, 900)
    wide = browser.value("document.documentElement.scrollWidth")
    check("both: nothing sticks out on a phone", wide <= 390, wide)
    browser.resize(1280, 900)
    quiet(browser, "both")


def many_page(browser, path):
    browser.open(path)
    title = browser.text("h1")
    check("many: a title that can be read", title == "10.64.0.0/16 from 24 vantages", title)
    rows, columns = (browser.value(f"[...document.querySelectorAll('.heat text[text-anchor={anchor}]')]"
                                   ".map((e) => e.textContent)") for anchor in ("end", "middle"))
    check("many: a row for each vantage, a column for each group", len(rows) == 24 and columns ==
          ["T1", "T2", "T3", "T4"], (rows, columns))
    groups = browser.texts(".groups dd")
    check("many: the groups are told", len(groups) == 4 and groups[1].startswith("10.64.0.3-10.64.0.4:443"), groups)
    label = browser.value("document.querySelector('.heat').getAttribute('aria-label')")
    check("many: the picture says what it is", "24 vantages x 200 endpoints" in label, label)

    # Where a row and a column cross there is the kind of cell that the rule of many_vantages.py gives.
    wanted, drawn, words = {}, {}, {}
    browser.value("document.querySelector('#matrix-table').closest('details').open = true")
    table = browser.value("[...document.querySelectorAll('#matrix-table tbody tr')].map((r) =>"
                          " [...r.cells].map((c) => c.innerText))")
    crossings = browser.value("""(() => {
      document.querySelector('.heat').scrollIntoView();
      const middle = (e, side) => { const box = e.getBoundingClientRect();
                                    return side ? box.x + box.width / 2 : box.y + box.height / 2; };
      const columns = [...document.querySelectorAll('.heat text[text-anchor=middle]')];
      return [...document.querySelectorAll('.heat text[text-anchor=end]')].map((row) => [row.textContent,
        columns.map((column) => document.elementFromPoint(middle(column, true) - 6, middle(row, false))
                                        .getAttribute('class'))]);
    })()""")
    for name, cells in crossings:
        number = int(name.removeprefix("node-"))
        cut = "cell rejected"
        wanted[name] = [cut if number % 8 == 3 and column == 1 or number % 8 == 5 and column == 2 else "cell open"
                        for column in range(3)] + ["cell silent"]
        if number == 17:
            wanted[name] = ["cell silent"] * 4
        drawn[name] = cells
    said = {"cell open": "reached", "cell silent": "cut: silent", "cell rejected": "cut: rejected, or an ICMP error"}
    for name, *cells in table:
        words[name] = cells
    check("many: each cell is what it should be", drawn == wanted, drawn)
    check("many: and so is the table", words == {n: [said[c] for c in cells] for n, cells in wanted.items()}, words)
    cuts = browser.texts("#cut-table tbody tr")
    check("many: the cuts name both firewalls", len(cuts) == 4 and "node-017 reaches nothing" in cuts[0]
          and any("192.168.77.1" in cut for cut in cuts) and any("192.168.79.1" in cut for cut in cuts), cuts)
    for scheme in ("light", "dark"):
        browser.prefer(scheme)
        fills = browser.value("[...document.querySelectorAll('.heat .cell')].map((c) => getComputedStyle(c).fill)")
        marks = browser.value("[...document.querySelectorAll('.heat .glyph')].map((g) => g.getAttribute('d').length)")
        check(f"many: three kinds, each with a colour and a mark of its own in {scheme}",
              len(fills) == len(set(fills)) == len(marks) == 3, (fills, marks))
    for width in (390, 1280):
        browser.resize(width, 900)
        wide = browser.value("document.documentElement.scrollWidth")
        check(f"many: nothing sticks out at {width} pixels", wide <= width, wide)
    quiet(browser, "many")


def compared_page(browser, path):
    browser.open(path)
    title = browser.text("h1")
    check("compared: a title that can be read", title == "24 vantages compared", title)
    headings = browser.texts("h2")
    check("compared: who reaches what, then what differs",
          headings == ["Who reaches what", "What the vantages see differently"], headings)
    columns = browser.value("[...document.querySelectorAll('#difference-table th')].map((th) => th.firstChild.textContent)")
    check("compared: one column for all vantages", [c.strip() for c in columns] == ["Endpoints", "Seen", "Diagnosis"], columns)
    rows = browser.texts("#difference-table tbody tr")
    check("compared: it tells how many saw what", any("no-response from 1: node-017" in row and "open from 2" in row
                                                      for row in rows), rows[:3])
    for width in (390, 1280):
        browser.resize(width, 900)
        wide = browser.value("document.documentElement.scrollWidth")
        check(f"compared: nothing sticks out at {width} pixels", wide <= width, wide)
    quiet(browser, "compared")


def without_script(browser, path):
    browser.open(path, scripts=False)
    text = browser.text("main")
    check("without script: summary, candidates and answers are there",
          all(word in text for word in ("10.0.0.232, 10.0.0.249", "taken, open", "Endpoints that answered",
                                        "ICMP 3/13 from 192.168.77.1", "SYNs sent")), text[:500])


with Browser() as browser:
    lab_page(browser, sys.argv[1])
    big_page(browser, sys.argv[2])
    both_page(browser, sys.argv[3])
    many_page(browser, sys.argv[4])
    compared_page(browser, sys.argv[5])
    without_script(browser, sys.argv[1])
print(f"{failures} failed")
sys.exit(failures != 0)
