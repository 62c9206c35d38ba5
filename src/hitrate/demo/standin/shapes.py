"""What the stand-in's answers look like: GitHub's JSON, every required field of it."""

from base64 import b64encode
from datetime import UTC, datetime
from hashlib import sha1
from typing import Any
from urllib.parse import quote

from hitrate.demo.standin.state import Account, Comment, File, GitHub, PullRequest, Reaction, ReviewComment

JSON = dict[str, Any]

_USER_LINKS = {
    "followers_url": "/followers",
    "following_url": "/following{/other_user}",
    "gists_url": "/gists{/gist_id}",
    "starred_url": "/starred{/owner}{/repo}",
    "subscriptions_url": "/subscriptions",
    "organizations_url": "/orgs",
    "repos_url": "/repos",
    "events_url": "/events{/privacy}",
    "received_events_url": "/received_events",
}
_REPOSITORY_LINKS = {
    "archive_url": "/{archive_format}{/ref}",
    "assignees_url": "/assignees{/user}",
    "blobs_url": "/git/blobs{/sha}",
    "branches_url": "/branches{/branch}",
    "collaborators_url": "/collaborators{/collaborator}",
    "comments_url": "/comments{/number}",
    "commits_url": "/commits{/sha}",
    "compare_url": "/compare/{base}...{head}",
    "contents_url": "/contents/{+path}",
    "contributors_url": "/contributors",
    "deployments_url": "/deployments",
    "downloads_url": "/downloads",
    "events_url": "/events",
    "forks_url": "/forks",
    "git_commits_url": "/git/commits{/sha}",
    "git_refs_url": "/git/refs{/sha}",
    "git_tags_url": "/git/tags{/sha}",
    "hooks_url": "/hooks",
    "issue_comment_url": "/issues/comments{/number}",
    "issue_events_url": "/issues/events{/number}",
    "issues_url": "/issues{/number}",
    "keys_url": "/keys{/key_id}",
    "labels_url": "/labels{/name}",
    "languages_url": "/languages",
    "merges_url": "/merges",
    "milestones_url": "/milestones{/number}",
    "notifications_url": "/notifications{?since,all,participating}",
    "pulls_url": "/pulls{/number}",
    "releases_url": "/releases{/id}",
    "stargazers_url": "/stargazers",
    "statuses_url": "/statuses/{sha}",
    "subscribers_url": "/subscribers",
    "subscription_url": "/subscription",
    "tags_url": "/tags",
    "teams_url": "/teams",
    "trees_url": "/git/trees{/sha}",
}
_WRITERS = ("admin", "write")
_REPOSITORY_COUNTS = (
    "forks",
    "forks_count",
    "open_issues",
    "open_issues_count",
    "stargazers_count",
    "watchers",
)
_REPOSITORY_FLAGS = ("archived", "disabled", "fork", "has_pages", "has_wiki", "private")


class Shapes:
    """Builds answers; links in them lead to ``api`` and, for browsers, to ``site``."""

    def __init__(self, github: GitHub, api: str, site: str = "https://github.com") -> None:
        """Build nothing yet."""
        self._github = github
        self._api = api
        self._site = site
        self._repo = f"{api}/repos/{github.repository}"

    def user(self, account: Account) -> JSON:
        """A simple-user."""
        url = f"{self._api}/users/{account.login}"
        return {
            "login": account.login,
            "id": account.id,
            "node_id": _node("U", account.id),
            "avatar_url": f"{self._site}/avatars/{account.id}",
            "gravatar_id": "",
            "url": url,
            "html_url": f"{self._site}/{account.login.replace('[bot]', '')}",
            "type": "Bot" if account.is_bot else "User",
            "site_admin": False,
            **{name: url + suffix for name, suffix in _USER_LINKS.items()},
        }

    def comment(self, comment: Comment) -> JSON:
        """An issue-comment."""
        issue = f"{self._repo}/issues/{comment.pull_request}"
        page = f"{self._site}/{self._github.repository}/pull/{comment.pull_request}#issuecomment-{comment.id}"
        return {
            "id": comment.id,
            "node_id": _node("IC", comment.id),
            "url": f"{self._repo}/issues/comments/{comment.id}",
            "html_url": page,
            "issue_url": issue,
            "body": comment.body,
            "user": self.user(comment.account),
            "created_at": _stamp(comment.created),
            "updated_at": _stamp(comment.updated),
            "author_association": self.association(comment.account),
            "performed_via_github_app": None,
        }

    def association(self, account: Account) -> str:
        """What a comment says of its author."""
        return "COLLABORATOR" if self._github.permissions.get(account.login) in _WRITERS else "NONE"

    def permission(self, login: str) -> JSON:
        """A repository-collaborator-permission."""
        given = self._github.permissions.get(login, "read")
        user = self.user(Account(login, 1)) | {"role_name": given}
        return {"permission": given, "role_name": given, "user": user}

    def reaction(self, reaction: Reaction) -> JSON:
        """A reaction."""
        return {
            "id": reaction.id,
            "node_id": _node("R", reaction.id),
            "user": self.user(reaction.account),
            "content": reaction.content,
            "created_at": _stamp(reaction.created),
        }

    def pull_request(self, pull: PullRequest) -> JSON:
        """A pull-request-simple."""
        url, issue = f"{self._repo}/pulls/{pull.number}", f"{self._repo}/issues/{pull.number}"
        page = f"{self._site}/{self._github.repository}/pull/{pull.number}"
        statuses = f"{self._repo}/statuses/{pull.head}"
        links = {
            "self": url,
            "html": page,
            "issue": issue,
            "comments": f"{issue}/comments",
            "review_comments": f"{url}/comments",
            "review_comment": f"{self._repo}/pulls/comments{{/number}}",
            "commits": f"{url}/commits",
            "statuses": statuses,
        }
        return {
            "id": pull.number,
            "node_id": _node("PR", pull.number),
            "number": pull.number,
            "state": pull.state,
            "locked": pull.locked,
            "draft": pull.draft,
            "title": pull.title,
            "body": None,
            "user": self.user(self._owner(pull.head_repository)),
            "author_association": "CONTRIBUTOR",
            "url": url,
            "html_url": page,
            "issue_url": issue,
            "diff_url": f"{page}.diff",
            "patch_url": f"{page}.patch",
            "comments_url": links["comments"],
            "commits_url": links["commits"],
            "review_comments_url": links["review_comments"],
            "review_comment_url": links["review_comment"],
            "statuses_url": statuses,
            "labels": [self._label(name) for name in pull.labels],
            "assignee": None,
            "milestone": None,
            "auto_merge": None,
            "created_at": _stamp(0),
            "updated_at": _stamp(0),
            "closed_at": None if pull.state == "open" else _stamp(0),
            "merged_at": None,
            "merge_commit_sha": None,
            "base": self._side(pull.base, pull.base_ref, self._github.repository),
            "head": self._side(pull.head, pull.head_ref, pull.head_repository),
            "_links": {name: {"href": href} for name, href in links.items()},
        }

    def _label(self, name: str) -> JSON:
        number = int(sha1(name.encode(), usedforsecurity=False).hexdigest()[:8], 16)
        return {
            "id": number,
            "node_id": _node("LA", number),
            "url": f"{self._repo}/labels/{quote(name)}",
            "name": name,
            "description": "",
            "color": "ededed",
            "default": False,
        }

    def whole_pull_request(self, pull: PullRequest) -> JSON:
        """A pull-request: the same with what only its own page tells."""
        counts = ("additions", "changed_files", "comments", "commits", "deletions", "review_comments")
        return {
            **self.pull_request(pull),
            **dict.fromkeys(counts, 1),
            "mergeable": True,
            "mergeable_state": "clean",
            "merged": False,
            "merged_by": None,
            "maintainer_can_modify": False,
        }

    def event(self, pull: PullRequest, action: str) -> JSON:
        """The payload of a pull_request event."""
        return {
            "action": action,
            "number": pull.number,
            "pull_request": self.whole_pull_request(pull),
            "repository": self._repository(self._github.repository),
            "sender": self.user(self._owner(pull.head_repository)),
        }

    def changed_file(self, file: File, head: str) -> JSON:
        """A diff-entry."""
        added = sum(line.startswith("+") for line in file.patch.splitlines())
        removed = sum(line.startswith("-") for line in file.patch.splitlines())
        page = f"{self._site}/{self._github.repository}"
        return {
            "sha": _blob(file.text),
            "filename": file.path,
            "status": "modified",
            "additions": added,
            "deletions": removed,
            "changes": added + removed,
            "patch": file.patch,
            "blob_url": f"{page}/blob/{head}/{quote(file.path)}",
            "raw_url": f"{page}/raw/{head}/{quote(file.path)}",
            "contents_url": f"{self._repo}/contents/{quote(file.path)}?ref={head}",
        }

    def content(self, file: File, ref: str) -> JSON:
        """A content-file."""
        url = f"{self._repo}/contents/{quote(file.path)}?ref={ref}"
        page = f"{self._site}/{self._github.repository}/blob/{ref}/{quote(file.path)}"
        git = f"{self._repo}/git/blobs/{_blob(file.text)}"
        return {
            "type": "file",
            "name": file.path.rsplit("/", 1)[-1],
            "path": file.path,
            "sha": _blob(file.text),
            "size": len(file.text.encode()),
            "encoding": "base64",
            "content": b64encode(file.text.encode()).decode(),
            "url": url,
            "git_url": git,
            "html_url": page,
            "download_url": page,
            "_links": {"self": url, "git": git, "html": page},
        }

    def review(self, number: int, pull: PullRequest, account: Account, body: str) -> JSON:
        """A pull-request-review."""
        page = f"{self._site}/{self._github.repository}/pull/{pull.number}#pullrequestreview-{number}"
        url = f"{self._repo}/pulls/{pull.number}"
        return {
            "id": number,
            "node_id": _node("PRR", number),
            "user": self.user(account),
            "body": body,
            "state": "COMMENTED",
            "commit_id": pull.head,
            "html_url": page,
            "pull_request_url": url,
            "author_association": "NONE",
            "_links": {"html": {"href": page}, "pull_request": {"href": url}},
        }

    def review_comment(self, comment: ReviewComment) -> JSON:
        """A pull-request-review-comment."""
        page = f"{self._site}/{self._github.repository}/pull/{comment.pull_request}#discussion_r{comment.id}"
        url, pull = f"{self._repo}/pulls/comments/{comment.id}", f"{self._repo}/pulls/{comment.pull_request}"
        reply = {} if comment.reply_to is None else {"in_reply_to_id": comment.reply_to}
        place = {} if comment.line is None else {"line": comment.line}
        span = {} if comment.start is None else {"start_line": comment.start, "start_side": "RIGHT"}
        return {
            **reply,
            **place,
            **span,
            "id": comment.id,
            "node_id": _node("PRRC", comment.id),
            "pull_request_review_id": comment.review,
            "diff_hunk": "@@",
            "path": comment.path,
            "side": "RIGHT",
            "commit_id": comment.commit,
            "original_commit_id": comment.commit,
            "user": self.user(comment.account),
            "body": comment.body,
            "created_at": _stamp(comment.created),
            "updated_at": _stamp(comment.updated),
            "url": url,
            "html_url": page,
            "pull_request_url": pull,
            "author_association": "NONE",
            "_links": {"self": {"href": url}, "html": {"href": page}, "pull_request": {"href": pull}},
        }

    def _side(self, sha: str, ref: str, repository: str) -> JSON:
        owner = self._owner(repository)
        return {
            "label": f"{owner.login}:{ref}",
            "ref": ref,
            "sha": sha,
            "user": self.user(owner),
            "repo": self._repository(repository),
        }

    def _owner(self, repository: str) -> Account:
        return Account(repository.partition("/")[0], 1)

    def _repository(self, name: str) -> JSON:
        url, page = f"{self._api}/repos/{name}", f"{self._site}/{name}"
        return {
            "id": 1,
            "node_id": _node("R", 1),
            "name": name.partition("/")[2],
            "full_name": name,
            "owner": self.user(self._owner(name)),
            "description": None,
            "url": url,
            "html_url": page,
            "clone_url": f"{page}.git",
            "svn_url": page,
            "git_url": f"git://github.com/{name}.git",
            "ssh_url": f"git@github.com:{name}.git",
            "mirror_url": None,
            "homepage": None,
            "language": "Python",
            "license": None,
            "default_branch": "main",
            "size": 1,
            "watchers_count": 0,
            "has_downloads": True,
            "has_issues": True,
            "has_projects": False,
            "pushed_at": _stamp(0),
            "created_at": _stamp(0),
            "updated_at": _stamp(0),
            **dict.fromkeys(_REPOSITORY_COUNTS, 0),
            **dict.fromkeys(_REPOSITORY_FLAGS, False),
            **{link: url + suffix for link, suffix in _REPOSITORY_LINKS.items()},
        }


def _node(kind: str, number: int) -> str:
    return f"{kind}_{number}"


def _stamp(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _blob(text: str) -> str:
    data = text.encode()
    return sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()
