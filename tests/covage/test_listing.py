"""Lists in every shape, read to their end and no further."""

import pytest

from covage import BadAnswer, Covage, Forbidden, Unreachable
from tests.covage.conftest import MakeClient
from tests.covage.vendor import Vendor, drop, reply


def _items(*ids: int) -> list[dict[str, str]]:
    return [{"id": str(id)} for id in ids]


def test_a_bare_list_is_one_page(client: Covage, vendor: Vendor) -> None:
    vendor.will(reply(_items(1, 2)))
    assert list(client.line_pages()) == [_items(1, 2)]


@pytest.mark.parametrize(
    "empty", [[], {"results": [], "next": None, "count": 0}, {"results": []}, {"items": [], "count": 0}]
)
def test_an_empty_list_has_no_pages(empty: object, client: Covage, vendor: Vendor) -> None:
    vendor.will(reply(empty))
    assert list(client.line_pages()) == []
    assert len(vendor.requests) == 1


def test_results_are_followed_by_their_next_link(client: Covage, vendor: Vendor) -> None:
    vendor.will(
        reply(
            {"count": 5, "next": f"{vendor.url}/api/v1/product_order_item/?page=2", "results": _items(1, 2)}
        ),
        reply({"count": 5, "next": "?page=3&state=created", "results": _items(3, 4)}),
        reply({"count": 5, "next": "", "results": _items(5)}),
    )
    assert list(client.line_pages(state="created")) == [_items(1, 2), _items(3, 4), _items(5)]
    assert [request.query for request in vendor.requests] == [
        {"state": "created"},
        {"page": "2"},
        {"page": "3", "state": "created"},
    ]


def test_items_are_followed_by_limit_and_offset(client: Covage, vendor: Vendor) -> None:
    for ids in ([1, 2], [3, 4], [5]):
        vendor.will(reply({"items": _items(*ids), "count": 5}))
    assert list(client.session_pages(state="created")) == [_items(1, 2), _items(3, 4), _items(5)]
    assert [request.query for request in vendor.requests] == [
        {"state": "created"},
        {"state": "created", "limit": "2", "offset": "2"},
        {"state": "created", "limit": "2", "offset": "4"},
    ]


def test_a_short_page_does_not_narrow_those_after_it(client: Covage, vendor: Vendor) -> None:
    for ids in ([1, 2], [3], [4, 5]):
        vendor.will(reply({"items": _items(*ids), "count": 5}))
    assert list(client.line_pages()) == [_items(1, 2), _items(3), _items(4, 5)]
    assert [request.query for request in vendor.requests[1:]] == [
        {"limit": "2", "offset": "2"},
        {"limit": "2", "offset": "3"},
    ]


@pytest.mark.parametrize("count", [99, 1, -1, "5", None, True])
def test_a_wrong_count_does_not_hide_items_nor_ask_for_ever(
    count: object, client: Covage, vendor: Vendor
) -> None:
    for ids in ([1, 2], [3], []):
        vendor.will(reply({"items": _items(*ids), "count": count}))
    assert list(client.line_pages()) == [_items(1, 2), _items(3)]
    assert len(vendor.requests) == 3


def test_an_offset_that_is_ignored_is_a_bad_answer(client: Covage, vendor: Vendor) -> None:
    vendor.will(*[reply({"items": _items(1, 2), "count": 9})] * 9)
    with pytest.raises(BadAnswer, match="nothing new"):
        list(client.line_pages())
    assert len(vendor.requests) == 2


@pytest.mark.parametrize("results", [_items(1, 2), [], [{"label": "no id"}]])
def test_links_in_circles_are_a_bad_answer(results: object, client: Covage, vendor: Vendor) -> None:
    vendor.will(*[reply({"next": "?page=2", "results": results})] * 9)
    with pytest.raises(BadAnswer, match="nothing new"):
        list(client.line_pages())
    assert len(vendor.requests) <= 2


def test_a_page_that_overlaps_the_one_before_is_read(client: Covage, vendor: Vendor) -> None:
    vendor.will(reply({"items": _items(1, 2), "count": 3}), reply({"items": _items(2, 3), "count": 4}))
    assert list(client.line_pages()) == [_items(1, 2), _items(2, 3)]


def test_a_next_link_to_another_host_is_not_followed(client: Covage, vendor: Vendor) -> None:
    vendor.will(reply({"next": "https://elsewhere.example/?page=2", "results": _items(1)}))
    pages = client.line_pages()
    assert next(pages) == _items(1)
    with pytest.raises(BadAnswer, match="elsewhere.example"):
        next(pages)
    assert len(vendor.requests) == 1


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"id": "1"},
        {"results": {}},
        {"results": [1]},
        {"results": [], "next": 2},
        {"items": None},
        [[]],
        ["a"],
        None,
        "text",
    ],
)
def test_what_is_no_list_of_objects_is_a_bad_answer(answer: object, client: Covage, vendor: Vendor) -> None:
    vendor.will(reply(answer))
    with pytest.raises(BadAnswer, match="expected a list|not a text"):
        list(client.project_pages())


def test_a_page_in_the_middle_is_tried_again(client: Covage, vendor: Vendor, pauses: list[float]) -> None:
    vendor.will(reply({"next": "?page=2", "results": _items(1)}), drop, reply({"results": _items(2)}))
    assert list(client.line_pages()) == [_items(1), _items(2)]
    assert len(pauses) == 1


def test_a_listing_that_breaks_off_does_not_end_quietly(make_client: MakeClient, vendor: Vendor) -> None:
    vendor.will(reply({"next": "?page=2", "results": _items(1)}), drop)
    with pytest.raises(Unreachable):
        list(make_client(retries=0).line_pages())


def test_lines_and_carts_come_under_canonical_names(client: Covage, vendor: Vendor) -> None:
    cart = {"id": "1", "product_order_item": [{"enni_2": "CN2", "vlan_reference": "12"}]}
    vendor.will(reply([cart]))
    [[read]] = client.session_pages()
    assert read["product_order_item"] == [{"enni2": "CN2", "vlan_reference": 12}]


def test_reference_data_comes_as_it_is(client: Covage, vendor: Vendor) -> None:
    vendor.will(
        reply([{"code": "P1", "active": True}]), reply([{"reference": "CN012345", "reference_id": 7}])
    )
    assert list(client.project_pages(active=True)) == [[{"code": "P1", "active": True}]]
    assert list(client.enni_pages(reference="CN012345")) == [[{"reference": "CN012345", "reference_id": 7}]]
    assert [request.query for request in vendor.requests] == [{"active": "true"}, {"reference": "CN012345"}]


def test_no_right_to_reference_data_is_forbidden(client: Covage, vendor: Vendor) -> None:
    vendor.will(reply({"detail": "no"}, status=403))
    with pytest.raises(Forbidden):
        list(client.enni_pages())
