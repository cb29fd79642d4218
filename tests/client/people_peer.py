"""A small studio with people in it, their directory and their DataZone domain, that can fail."""

import json
from dataclasses import dataclass, field
from typing import Any

from tests.faults.faulty_studio import PRINCIPAL_ID, Answer, FaultyStudio, Request, no, ok

STORE = "d-92677b4b19"
DOMAIN = "dzd-people"


def person_id(number: int) -> str:
    return f"92677b4b19-0c2d5a1e-7f36-4b8a-9d41-{number:012x}"


@dataclass
class PeoplePeer(FaultyStudio):
    """Knows admins, members, users and user profiles; `ledger` holds what it changed."""

    admins: list[str] = field(default_factory=lambda: [PRINCIPAL_ID])
    members: dict[str, list[str]] = field(default_factory=dict)
    users: dict[str, dict[str, Any]] = field(default_factory=dict)
    user_profiles: dict[str, dict[str, Any]] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)

    def operation_of(self, request: Request) -> str:
        if "x-amz-target" in request.headers:
            return request.headers["x-amz-target"].partition(".")[2]
        match request.method, request.path:
            case "POST", ("v2", "domains", _, "search-user-profiles"):
                return "SearchUserProfiles"
            case method, ("v2", "domains", _, "user-profiles", *_):
                verb = {"GET": "Get", "PUT": "Update", "POST": "Create"}[method]
                return f"{verb}UserProfile"
            case method, (*_, "membership"):
                kind = "LaunchProfile" if "launch-profiles" in request.path else "Studio"
                return f"{ {'GET': 'List', 'POST': 'Put'}[method] }{kind}Members"
            case method, (*_, "membership", _):
                kind = "LaunchProfile" if "launch-profiles" in request.path else "Studio"
                verb = {"GET": "Get", "PATCH": "Update", "DELETE": "Delete"}[method]
                return f"{verb}{kind}Member"
        return super().operation_of(request)

    def answer(self, operation: str, request: Request) -> Answer:
        body = json.loads(request.body or b"{}")
        if operation in {"ListUsers", "DescribeUser"}:
            return self._directory(operation, body)
        if "UserProfile" in operation:
            return self._datazone(operation, request, body)
        if "Member" in operation:
            return self._membership(operation, request, body)
        return super().answer(operation, request)

    def sent_ids(self, operation: str) -> list[list[str]]:
        """Return the people of each call."""
        bodies = [json.loads(one.body) for one in self.sent(operation)]
        return [[one["principalId"] for one in body["members"]] for body in bodies]

    def changed(self) -> list[str]:
        return [operation for operation, _ in self.ledger]

    def _membership(self, operation: str, request: Request, body: dict[str, Any]) -> Answer:
        on_profile = "LaunchProfile" in operation
        where = request.path[4] if on_profile else ""
        there = self.members.setdefault(where, []) if on_profile else self.admins
        persona = "USER" if on_profile else "ADMINISTRATOR"
        if operation.startswith("List"):
            found = [self._member(one, persona) for one in there]
            return self._page("members", found, request)
        if operation.startswith("Put"):
            wanted = [one["principalId"] for one in body["members"]]
            if self.unknown & set(wanted):
                return no(404, "ResourceNotFoundException", "nobody has this id")
            if self._once(operation, request, ",".join(wanted)):
                there.extend(one for one in wanted if one not in there)
            return ok({})
        who = request.path[-1]
        if who not in there:
            return no(404, "ResourceNotFoundException", "no such member")
        if operation.startswith("Delete") and self._once(operation, request, who):
            there.remove(who)
        if operation.startswith("Delete"):
            return ok({})
        return ok({"member": self._member(who, persona)})

    def _member(self, principal_id: str, persona: str) -> dict[str, Any]:
        return {"principalId": principal_id, "persona": persona, "identityStoreId": STORE}

    def _once(self, operation: str, request: Request, what: str) -> bool:
        token = request.headers["x-amz-client-token"]
        new = token not in self._tokens
        self._tokens[token] = operation
        if new:
            self.ledger.append((operation, what))
        return new

    def _directory(self, operation: str, body: dict[str, Any]) -> Answer:
        assert body["IdentityStoreId"] == STORE
        if operation == "DescribeUser":
            user = self.users.get(body["UserId"])
            if user is None:
                return _json11(404, {"__type": "ResourceNotFoundException", "Message": "nobody"})
            return _json11(200, {"IdentityStoreId": STORE, "UserId": body["UserId"], **user})
        begin = int(body.get("NextToken", "0"))
        end = begin + min(body.get("MaxResults", 100), self.page_size)
        found = [
            {"UserId": one, "IdentityStoreId": STORE, **user} for one, user in self.users.items()
        ]
        following = {"NextToken": str(end)} if end < len(found) else {}
        return _json11(200, {"Users": found[begin:end], **following})

    def _datazone(self, operation: str, request: Request, body: dict[str, Any]) -> Answer:
        assert request.path[2] == DOMAIN
        if operation == "SearchUserProfiles":
            token = body.get("nextToken", "0")
            begin = int(token) if token.isdigit() else 0
            end = begin + min(body.get("maxResults", 50), self.page_size)
            wanted = body.get("searchText", "")
            found = [one for one in self.user_profiles.values() if wanted in json.dumps(one)]
            following = {"nextToken": str(end)} if end < len(found) else {}
            return ok({"items": found[begin:end], **following})
        if operation == "CreateUserProfile":
            who = body["userIdentifier"]
            if body["clientToken"] not in self._tokens:
                self._tokens[body["clientToken"]] = operation
                self.user_profiles[who] = self.user_profile(who, "ASSIGNED")
                self.ledger.append((operation, who))
            return Answer(201, json.dumps(self.user_profiles[who]).encode())
        who = request.path[-1]
        if who not in self.user_profiles:
            return no(404, "ResourceNotFoundException", "no such profile")
        if operation == "UpdateUserProfile":
            self.user_profiles[who]["status"] = body["status"]
            self.ledger.append((operation, who))
        return ok(self.user_profiles[who])

    def user_profile(self, who: str, status: str, **changes: Any) -> dict[str, Any]:
        known = {"domainId": DOMAIN, "id": who, "type": "SSO", "status": status}
        return {**known, "details": {"sso": {"username": f"user-{who[-2:]}"}}, **changes}


def _json11(status: int, content: object) -> Answer:
    headers = {"Content-Type": "application/x-amz-json-1.1"}
    return Answer(status, json.dumps(content).encode(), headers)
