"""The picture of `holdfastctl simulate`: whole XML, nothing outside of its frame."""
import re
import subprocess
import xml.etree.ElementTree as ET

import pytest

from peers import HOLDFASTCTL

SVG = "{http://www.w3.org/2000/svg}"
NARROW = set("ijltfI.,:;'|! ()[]-")

pytestmark = pytest.mark.ours


def node(name, service, services, first, nodes):
    text = f'global_defs {{\n    router_id "{name}"\n}}\n'
    for number in range(services):
        text += (f'vrrp_instance "{service}{number}" {{\n    interface eth0\n'
                 f"    virtual_router_id {number + 1}\n    advert_int 1\n"
                 f"    priority {100 + 10 * ((first + number) % nodes)}\n"
                 f"    virtual_ipaddress {{\n        192.0.2.{100 + number}/24\n    }}\n}}\n")
    return text


def draw(where, names, service, services, *options):
    """No host is needed: nothing but files is read."""
    files = []
    for number, name in enumerate(names):
        files.append(where / f"{number}.conf")
        files[-1].write_text(node(name, service, services, number, len(names)), "utf-8")
    subprocess.run([HOLDFASTCTL, "simulate", "--svg", where / "out.svg", *options, *files],
                   check=True, stdout=subprocess.DEVNULL, timeout=60)
    return ET.parse(where / "out.svg").getroot()


def least_width(text):
    """No usual font of 12 pixels is narrower than this on average."""
    return sum(2.5 if c in NARROW else 5.5 for c in text)


def check_frame(root):
    """All that is drawn lies in the view box."""
    _, _, width, height = map(float, root.get("viewBox").split())
    drawn = [element for element in root.iter() if element.tag in (SVG + "text", SVG + "rect")]
    assert drawn
    for element in drawn:
        if element.get("x") is None:
            continue
        x, y = float(element.get("x")), float(element.get("y"))
        size = least_width(element.text or "") if element.tag == SVG + "text" else \
            float(element.get("width"))
        left = x - {"middle": size / 2, "end": size}.get(element.get("text-anchor"), 0)
        assert left >= 0 and left + size <= width + 1, (element.text, x, size, width)
        assert 0 <= y <= height, (element.text, y, height)


def check_labels(root, names):
    """Names stand whole at the left, and the plot begins behind the widest."""
    texts = [element for element in root.iter(SVG + "text")]
    plot = min(float(rect.get("x")) for rect in root.iter(SVG + "rect")
               if rect.find(SVG + "title") is not None)
    for name in names:
        label = next(text for text in texts if text.text == name)
        assert float(label.get("x")) + least_width(name) <= plot


def rows_of(root):
    """The sentences of the events: (row, from, to)."""
    return sorted((float(text.get("y")), float(text.get("x")),
                   float(text.get("x")) + least_width(text.text))
                  for text in root.iter(SVG + "text")
                  if re.match(r"[\d.]+ s: ", text.text or ""))


@pytest.mark.parametrize("nodes", (1, 2, 3, 5))
@pytest.mark.parametrize("services", (1, 2, 20))
def test_hosts_and_instances(tmp_path, nodes, services):
    names = [f"lb{number}" for number in range(nodes)]
    root = draw(tmp_path, names, "VI_", services, "--fail", "lb0:down@60", "--fail", "lb0:up@70")
    check_frame(root)
    check_labels(root, names)
    titles = [element.text for element in root.iter(SVG + "title")]
    for number in range(services):
        assert any(re.match(rf"VI_{number}: nobody, 0\.000 s to ", title) for title in titles)


@pytest.mark.parametrize("name", (
    "a-host-with-a-very-long-name-{}.datacenter-7.example.com", "MMMMMMMMMMMMMMMMMMMMMMMMMM{}",
    "gr\u00f6\u00dfe-\u5167\u90e8 {} <&>", "x{}"))
def test_names(tmp_path, name):
    names = [name.format(number) for number in range(2)]
    root = draw(tmp_path, names, name.format("i"), 2, "--fail", f"{names[0]}:down@60",
                "--fail", f"{names[0]}:up@60.5", "--fail", f"{names[0]}-{names[1]}:cut@599")
    check_frame(root)
    check_labels(root, names)
    rows = rows_of(root)
    assert len(rows) == 3
    for (y, _, end), (other, begin, _) in zip(rows, rows[1:]):
        assert y != other or end <= begin, "one sentence runs into another"


def test_a_hundred_events(tmp_path):
    options = []
    for number in range(100):
        options += ["--fail", f"a:{('up', 'down')[number % 2]}@{number * 30}"]
    root = draw(tmp_path, ["a", "b"], "VI_", 1, "--seconds", "3100", *options)
    check_frame(root)
    assert len(rows_of(root)) == 100, "each is said"


def test_what_happens_is_seen_without_colours(tmp_path):
    root = draw(tmp_path, ["a", "b"], "VI_", 1, "--fail", "a:down@60", "--fail", "a:up@100",
                "--fail", "a-b:cut@200", "--fail", "a-b:heal@260")
    patterns = {element.get("id") for element in root.iter(SVG + "pattern")}
    fills = {element.get("fill") for element in root.iter(SVG + "rect")}
    assert {"nobody", "several"} <= patterns
    assert {f"url(#{name})" for name in ("nobody", "several")} <= fills
    words = [text.text for text in root.iter(SVG + "text")]
    assert any(word.startswith("NOBODY") for word in words)
    assert any(word.startswith("2 OWNERS") for word in words)
    ground = next(rect for rect in root.iter(SVG + "rect") if rect.get("width") == "100%")
    assert ground.get("fill") == "#ffffff", "words are dark wherever it is shown"
