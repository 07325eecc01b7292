"""The invented town as plain data: authorities, units, places and the people who log in.

Sjölanda and its neighbour Grannvik don't exist. Nothing of Django here: the launcher reads it too.
"""

from dataclasses import dataclass

PASSWORD = "fortur-demo"  # noqa: S105 - shown on the demo's login page

AUTHORITIES = {  # name: kind, short name
    "Polismyndigheten": ("police", "Polisen"),
    "Sjölanda socialnämnd": ("social", "Soc Sjölanda"),
    "Grannviks socialnämnd": ("social", "Soc Grannvik"),
    "Sjölanda kommunstyrelse": ("municipality", "Sjölanda kommun"),
}


@dataclass(frozen=True, slots=True)
class Hand:
    """A unit: the hand that owns files."""

    name: str
    authority: str
    short: str
    prefix: str


LPO = Hand("Lokalpolisområde Sjölanda", "Polismyndigheten", "LPO Sjölanda", "P")
LPO_NEXT = Hand("Lokalpolisområde Grannvik", "Polismyndigheten", "LPO Grannvik", "PG")
LPO_LOG = Hand("Dataskydd polisen", "Polismyndigheten", "Dataskydd", "PD")
SOC = Hand("Barn och unga Sjölanda", "Sjölanda socialnämnd", "BoU Sjölanda", "S")
SOC_LOG = Hand("Dataskydd Sjölanda", "Sjölanda socialnämnd", "Dataskydd", "SD")
SOC_NEXT = Hand("Barn och unga Grannvik", "Grannviks socialnämnd", "BoU Grannvik", "SG")
TOWN = Hand("Trygghet och samordning", "Sjölanda kommunstyrelse", "Trygghet", "K")
COUNTERPARTS = ((LPO, SOC), (LPO_NEXT, SOC_NEXT))  # who mostly send to each other
UNITS = (LPO, LPO_NEXT, LPO_LOG, SOC, SOC_LOG, SOC_NEXT, TOWN)


@dataclass(frozen=True, slots=True)
class Person:
    """A login of the cast, and where it belongs."""

    username: str
    name: str
    role: str
    unit: Hand
    qualified: bool = False

    @property
    def what(self) -> str:
        """Role and unit, for the table of logins."""
        return f"{self.role.replace('_', ' ')}, {self.unit.name}"


PEOPLE = (
    Person("utredare", "Nadja Ekström", "investigator", LPO),
    Person("utredare2", "Jonas Wallin", "investigator", LPO),
    Person("ledare", "Petra Sandahl", "investigation_leader", LPO),
    Person("polischef", "Mikael Rosander", "supervisor", LPO),
    Person("omradespolis", "Amir Haddad", "community_officer", LPO),
    Person("socialsekreterare", "Lina Bergkvist", "social_worker", SOC, qualified=True),
    Person("socialsekreterare2", "Samuel Norén", "social_worker", SOC, qualified=True),
    Person("faltassistent", "Tove Lindahl", "outreach_worker", SOC),
    Person("socialchef", "Gunilla Åström", "supervisor", SOC, qualified=True),
    Person("dataskydd.polis", "Erik Öhman", "auditor", LPO_LOG),
    Person("dataskydd.social", "Maria Hallgren", "auditor", SOC_LOG),
    Person("samordnare", "Karin Dahlberg", "coordinator", TOWN),
    Person("admin", "Oskar Nyberg", "administrator", TOWN),
    Person("utredare.granne", "Helena Frisk", "investigator", LPO_NEXT),
    Person("socialsekreterare.granne", "David Melin", "social_worker", SOC_NEXT, qualified=True),
)

PLACES = {  # name: municipality
    "Sjölanda torg": "Sjölanda",
    "Busstorget": "Sjölanda",
    "Biblioteksparken": "Sjölanda",
    "Parkbacken": "Sjölanda",
    "Norrskolans skolgård": "Sjölanda",
    "Gångtunneln Västra": "Sjölanda",
    "Idrottsplatsen Ängen": "Grannvik",
    "Bryggan vid Sjöhagen": "Grannvik",
}
