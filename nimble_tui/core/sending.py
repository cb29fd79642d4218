"""Send confirmed changes of people, with the stops before them."""

from nimble_tui.core.model import SessionAction, SessionState, StreamingSession
from nimble_tui.core.people.changes import ChangeKind, PersonChange
from nimble_tui.core.people.model import RUNNING, MembersReport, UserProfile, UserProfileStatus
from nimble_tui.core.people.profile_status import user_type_of
from nimble_tui.core.service import ErrorKind, StudioError, StudioService


def send_change(studio: StudioService, change: PersonChange) -> UserProfile | None:
    """Send a change to the studio; raises StudioError if it fails."""
    stop_all(studio, change.to_stop)
    who, where, service = change.person.principal_id, change.launch_profile_id, studio.people
    match change.kind:
        case ChangeKind.ADD:
            _complete(service.membership.put_launch_profile_members(where, [who]))
        case ChangeKind.REMOVE:
            service.membership.delete_launch_profile_member(where, who)
        case ChangeKind.MAKE_ADMIN:
            _complete(service.membership.put_studio_members([who]))
        case ChangeKind.REMOVE_ADMIN:
            service.membership.delete_studio_member(who)
        case ChangeKind.ACTIVATE:
            return service.user_profiles.activate(who)
        case ChangeKind.DEACTIVATE:
            return service.user_profiles.deactivate(who)
        case ChangeKind.SET_PERSONA:
            service.membership.update_launch_profile_member(where, who, change.value)
        case ChangeKind.CREATE_PROFILE:
            return service.user_profiles.create_user_profile(who, user_type_of(who))
        case ChangeKind.SET_STATUS:
            profile = change.person.user_profile
            status = UserProfileStatus(change.value)
            return service.user_profiles.update_user_profile(
                who, status, profile.type if profile else None
            )
    return None


def _complete(report: MembersReport) -> None:
    if report.problem is not None:
        raise StudioError(ErrorKind.UNCERTAIN, report.problem)


def stop_all(service: StudioService, session_ids: tuple[str, ...]) -> None:
    """Request a stop of each workstation that still runs.

    Raises StudioError if one cannot be stopped; those after it are left as they are.
    """
    for session_id in session_ids:
        try:
            service.act(SessionAction.STOP, session_id)
        except StudioError as error:
            if error.kind not in {ErrorKind.REFUSED, ErrorKind.CONFLICT, ErrorKind.NOT_FOUND}:
                raise
            if _runs(service, session_id):
                raise


def _runs(service: StudioService, session_id: str) -> bool:
    try:
        session: StreamingSession = service.get_streaming_session(session_id)
    except StudioError as error:
        if error.kind == ErrorKind.NOT_FOUND:
            return False
        raise
    return session.state in RUNNING and session.state != SessionState.STOP_IN_PROGRESS
