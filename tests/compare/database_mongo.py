"""Direct access to a MongoDB database, which shows documents as the rows that they stand for."""

import uuid

import pymongo
from bson import ObjectId
from pymongo.errors import DuplicateKeyError


class Mongo:
    """A database of a private server, made when something is stored, with UUIDs for users."""

    kind = "mongodb"
    # What the servers are told besides the database's URL.
    environment: dict[str, str] = {}
    users, tokens = "user", "AccessToken"
    id_type, new_id = uuid.UUID, staticmethod(uuid.uuid4)
    # How the lines of the layout begin that ours may add.
    added = ("index",)
    # The original's own index keeps addresses apart that differ only in case, and it does not start without.
    has_namesakes = False

    def __init__(self, port: int, name: str):
        self.url = f"mongodb://127.0.0.1:{port}/{name}"
        self.database = pymongo.MongoClient(self.url, uuidRepresentation="standard").get_default_database()

    def rows(self, table: str, columns: list[str], /, **where) -> list[tuple]:
        """These columns of the rows that have these values."""
        rows = [row for (place, _), row in self.everything().items() if place == table]
        return [tuple(row[name] for name in columns) for row in rows if where.items() <= row.items()]

    def change(self, table: str, where: dict, /, **columns) -> None:
        """Changes fields of the user or the token that has these values."""
        if "id" in where:
            where = {"_id": self.id_type(where["id"])}
        changed = self.database[{"user": self.users, "accesstoken": self.tokens}[table]].update_one(where, {"$set": columns})
        if changed.matched_count != 1:
            raise LookupError(f"nothing to change: {sorted(columns)}")

    def everything(self) -> dict[tuple[str, str], dict]:
        """Every user without the accounts, every access token and every account, as rows by table and primary key; an id of
        another type than all is an error."""
        found = {}
        for user in self.database[self.users].find():
            key = user["id"] = self.checked(user.pop("_id"))
            for account in user.pop("oauth_accounts", []):
                found["oauth_account", str(account["id"])] = account | {"user_id": key}
            found["user", str(key)] = user
        for token in self.database[self.tokens].find():
            self.checked(token["user_id"])
            found["accesstoken", token["token"]] = token
        return found

    def checked(self, key):
        """A user's id, which is of the one type."""
        if type(key) is not self.id_type:
            raise TypeError(f"{key!r} is no {self.id_type.__name__}")
        return key

    def layout(self) -> set[str]:
        """One line for each collection and index; those of indexes begin with `index`."""
        lines = set()
        for name in self.database.list_collection_names():
            lines.add(f"collection {name}")
            for index, options in self.database[name].index_information().items():
                lines.add(f"index {name} {index} {sorted(options.items())}")
        return lines

    def change_user(self, email: str, /, **columns) -> None:
        """Changes fields of the user with exactly this address."""
        self.change("user", {"email": email}, **columns)

    def accepts_copy(self, email: str, other: str) -> bool:
        """Whether another user, with this user's values and the other address, can be stored; one who was is removed again."""
        users = self.database[self.users]
        copy = users.find_one({"email": email}) | {"_id": self.new_id(), "email": other, "oauth_accounts": []}
        try:
            users.insert_one(copy)
        except DuplicateKeyError:
            return False
        users.delete_one({"_id": copy["_id"]})
        return True


class Beanie(Mongo):
    """The same as Beanie lays it out when it is told nothing: its own collections and ids."""

    kind = "beanie"
    environment = {"OBJECT_IDS": "1"}
    users = "User"
    id_type = new_id = ObjectId
