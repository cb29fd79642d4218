"""studio image: the images that launch profiles offer."""

from argparse import Namespace

from nimble_tui.cli import exit_codes
from nimble_tui.cli.errors import say
from nimble_tui.cli.local_admin import local_admin, name_of, need_new_name
from nimble_tui.cli.output import print_json, print_table
from nimble_tui.core.text import clean, clean_id


def add_image(args: Namespace) -> int:
    """Add an image, and print its id."""
    from nimble_tui.studio.store.records import Kind

    given = {"description": args.description} if args.description else {}
    with local_admin(args, changes=True) as admin:
        need_new_name("an image", args.image, admin.live(Kind.STREAMING_IMAGE))
        image = admin.call("CreateStreamingImage", name=args.image, ec2ImageId=args.ami, **given)
        if args.platform:
            image = admin.set_platform(image["streamingImageId"], args.platform.upper())
    if args.json:
        print_json({"streamingImage": image})
        return exit_codes.DONE
    say(f"Added the image {clean(args.image)}, {image['platform'].title()}.")
    print(image["streamingImageId"])
    return exit_codes.DONE


def list_images(args: Namespace) -> int:
    """List the images."""
    from nimble_tui.studio.store.records import Kind

    with local_admin(args, changes=False) as admin:
        images = admin.live(Kind.STREAMING_IMAGE)
    if args.json:
        print_json({"streamingImages": [one.document for one in images]})
    elif not images:
        say("There are no images yet. To add one: nimble-tui studio image add NAME")
    else:
        rows = [
            (
                name_of(one),
                clean(str(one.document.get("platform", ""))),
                (one.state, "ready" if one.state == "READY" else "failed"),
                clean_id(str(one.document.get("ec2ImageId", ""))),
                clean_id(one.id),
            )
            for one in images
        ]
        print_table(("NAME", "PLATFORM", "STATE", "MACHINE IMAGE", "ID"), rows)
    return exit_codes.DONE
