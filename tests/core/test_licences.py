from nimble_tui.core.eulas import Eula, EulaAcceptance
from nimble_tui.core.licences import Licences
from nimble_tui.core.model import StreamingImage

IMAGE = StreamingImage("image", name="Engine", eula_ids=("one", "two", "one", "three"))
LICENCES = Licences(
    (IMAGE, StreamingImage("other", eula_ids=("four", "two"))),
    tuple(map(Eula, ("one", "two", "three", "four"))),
).with_acceptances([EulaAcceptance("two")])


def test_a_licence_is_missing_until_the_studio_accepted_it() -> None:
    assert LICENCES.missing == (Eula("one"), Eula("three"), Eula("four"))
    assert LICENCES.missing_for(IMAGE) == (Eula("one"), Eula("three"))
    rest = [EulaAcceptance(one) for one in IMAGE.eula_ids]
    assert LICENCES.with_acceptances(rest).missing_for(IMAGE) == ()


def test_a_launch_is_not_held_back_while_acceptances_are_not_all_known() -> None:
    cut_off = Licences(LICENCES.images, LICENCES.eulas, is_known=False)
    assert cut_off.missing_for(IMAGE) == ()


def test_each_image_that_needs_a_licence_is_named_once() -> None:
    again = Licences((*LICENCES.images, StreamingImage("newer", name="Engine", eula_ids=("two",))))
    assert again.needed_by("two") == ("Engine", "other")
    assert again.needed_by("five") == ()
