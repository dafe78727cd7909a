"""The answer of `holdfastctl status --json`: the one place that knows its field names."""
from datetime import datetime


class Status:
    """One answer.  Raises KeyError where a promised member is missing."""

    def __init__(self, document):
        self.document = document

    @property
    def daemon(self):
        return self.document["daemon"]

    def instance(self, name="VI_1"):
        return next(row for row in self.document["instances"] if row["name"] == name)

    def check(self, name):
        return next(row for row in self.document["checks"] if row["name"] == name)

    def state(self, name="VI_1"):
        return self.instance(name)["state"]

    def since(self, name="VI_1"):
        """When it entered its state: the text, which must not change while the state does not."""
        datetime.fromisoformat(self.instance(name)["since"])
        return self.instance(name)["since"]

    def cause(self, name="VI_1"):
        return self.instance(name)["cause"]

    def faults(self, name="VI_1"):
        """The set of fault words."""
        return {row["fault"] for row in self.instance(name)["faults"]}

    def fault_subjects(self, name="VI_1"):
        return {(row["fault"], subject["name"]) for row in self.instance(name)["faults"]
                for subject in row["subjects"]}

    def held(self, name="VI_1"):
        """Addresses that the kernel has confirmed."""
        return [row["address"] for row in self.instance(name)["addresses"] if row["held"]]

    def counter(self, word, name="VI_1"):
        return self.instance(name)["counters"][word]

    def rejects(self, name="VI_1"):
        """Rejected packets by reason, those that no instance wanted included."""
        total = dict(self.daemon["rejects"])
        for word, number in self.instance(name)["counters"]["rejects"].items():
            total[word] = total.get(word, 0) + number
        return total

    def priority(self, name="VI_1"):
        return self.instance(name)["effective_priority"]

    def parts(self, name="VI_1"):
        return [(row["kind"], row["name"], row["delta"])
                for row in self.instance(name)["priority_parts"]]
