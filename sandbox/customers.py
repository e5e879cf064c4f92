"""Invented end customers on plausible sites: communes, postcodes and INSEE codes are real.

Telephone numbers are of the ranges that Arcep keeps for works of fiction.
"""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from sandbox.dice import Dice


class Place(NamedTuple):
    city: str
    postcode: str
    insee_code: str
    latitude: float
    longitude: float
    phone_prefix: str


@dataclass(frozen=True, slots=True)
class Contact:
    firstname: str
    lastname: str
    email_address: str
    phone_number: str


@dataclass(frozen=True, slots=True)
class Site:
    """Premises of an end customer; `address` is one line, as an envelope would have it."""

    index: int
    place: Place
    street_name: str
    street_number: str
    street_number_extension: str
    building_name: str
    level_number: str
    latitude: float
    longitude: float
    address: str


@dataclass(frozen=True, slots=True)
class Customer:
    """An end customer: `number` identifies it, `sites` is how many it has."""

    number: int
    name: str
    domain: str
    sites: int


_NORTH_WEST, _NORTH_EAST, _SOUTH_EAST, _SOUTH_WEST, _PARIS = "026191", "035301", "046571", "053649", "019900"
_MOBILE = "063998"
PLACES = (
    Place("Mont-Saint-Aignan", "76130", "76451", 49.463, 1.085, _NORTH_WEST),
    Place("Rouen", "76000", "76540", 49.441, 1.092, _NORTH_WEST),
    Place("Le Havre", "76600", "76351", 49.494, 0.108, _NORTH_WEST),
    Place("Caen", "14000", "14118", 49.182, -0.371, _NORTH_WEST),
    Place("Hérouville-Saint-Clair", "14200", "14327", 49.204, -0.330, _NORTH_WEST),
    Place("Cherbourg-en-Cotentin", "50100", "50129", 49.634, -1.622, _NORTH_WEST),
    Place("Saint-Lô", "50000", "50502", 49.116, -1.090, _NORTH_WEST),
    Place("Rennes", "35000", "35238", 48.111, -1.680, _NORTH_WEST),
    Place("Brest", "29200", "29019", 48.390, -4.486, _NORTH_WEST),
    Place("Quimper", "29000", "29232", 47.997, -4.098, _NORTH_WEST),
    Place("Vannes", "56000", "56260", 47.658, -2.760, _NORTH_WEST),
    Place("Nantes", "44000", "44109", 47.218, -1.554, _NORTH_WEST),
    Place("Saint-Herblain", "44800", "44162", 47.224, -1.634, _NORTH_WEST),
    Place("Saint-Nazaire", "44600", "44184", 47.273, -2.214, _NORTH_WEST),
    Place("Angers", "49000", "49007", 47.474, -0.554, _NORTH_WEST),
    Place("Le Mans", "72000", "72181", 48.007, 0.199, _NORTH_WEST),
    Place("Tours", "37000", "37261", 47.394, 0.685, _NORTH_WEST),
    Place("Orléans", "45000", "45234", 47.903, 1.909, _NORTH_WEST),
    Place("Lille", "59000", "59350", 50.637, 3.063, _NORTH_EAST),
    Place("Roubaix", "59100", "59512", 50.690, 3.181, _NORTH_EAST),
    Place("Tourcoing", "59200", "59599", 50.724, 3.161, _NORTH_EAST),
    Place("Amiens", "80000", "80021", 49.894, 2.296, _NORTH_EAST),
    Place("Reims", "51100", "51454", 49.258, 4.032, _NORTH_EAST),
    Place("Nancy", "54000", "54395", 48.692, 6.184, _NORTH_EAST),
    Place("Metz", "57000", "57463", 49.119, 6.176, _NORTH_EAST),
    Place("Strasbourg", "67000", "67482", 48.573, 7.752, _NORTH_EAST),
    Place("Mulhouse", "68100", "68224", 47.750, 7.336, _NORTH_EAST),
    Place("Dijon", "21000", "21231", 47.322, 5.041, _NORTH_EAST),
    Place("Besançon", "25000", "25056", 47.238, 6.024, _NORTH_EAST),
    Place("Lyon", "69007", "69387", 45.746, 4.841, _SOUTH_EAST),
    Place("Villeurbanne", "69100", "69266", 45.766, 4.880, _SOUTH_EAST),
    Place("Grenoble", "38000", "38185", 45.188, 5.724, _SOUTH_EAST),
    Place("Saint-Étienne", "42000", "42218", 45.434, 4.390, _SOUTH_EAST),
    Place("Annecy", "74000", "74010", 45.899, 6.129, _SOUTH_EAST),
    Place("Clermont-Ferrand", "63000", "63113", 45.777, 3.087, _SOUTH_EAST),
    Place("Montpellier", "34000", "34172", 43.611, 3.877, _SOUTH_EAST),
    Place("Nîmes", "30000", "30189", 43.837, 4.360, _SOUTH_EAST),
    Place("Avignon", "84000", "84007", 43.949, 4.806, _SOUTH_EAST),
    Place("Aix-en-Provence", "13100", "13001", 43.529, 5.447, _SOUTH_EAST),
    Place("Toulon", "83000", "83137", 43.124, 5.928, _SOUTH_EAST),
    Place("Nice", "06000", "06088", 43.710, 7.262, _SOUTH_EAST),
    Place("Ajaccio", "20000", "2A004", 41.919, 8.738, _SOUTH_EAST),
    Place("Bordeaux", "33000", "33063", 44.838, -0.579, _SOUTH_WEST),
    Place("Mérignac", "33700", "33281", 44.842, -0.645, _SOUTH_WEST),
    Place("Pau", "64000", "64445", 43.295, -0.370, _SOUTH_WEST),
    Place("Toulouse", "31000", "31555", 43.605, 1.444, _SOUTH_WEST),
    Place("Blagnac", "31700", "31069", 43.636, 1.390, _SOUTH_WEST),
    Place("Limoges", "87000", "87085", 45.833, 1.262, _SOUTH_WEST),
    Place("Poitiers", "86000", "86194", 46.580, 0.340, _SOUTH_WEST),
    Place("La Rochelle", "17000", "17300", 46.160, -1.151, _SOUTH_WEST),
    Place("Melun", "77000", "77288", 48.540, 2.660, _PARIS),
    Place("Meaux", "77100", "77284", 48.960, 2.888, _PARIS),
    Place("Provins", "77160", "77379", 48.560, 3.299, _PARIS),
    Place("Montreuil", "93100", "93048", 48.864, 2.443, _PARIS),
    Place("Saint-Denis", "93200", "93066", 48.936, 2.357, _PARIS),
    Place("Boulogne-Billancourt", "92100", "92012", 48.835, 2.241, _PARIS),
    Place("Nanterre", "92000", "92050", 48.892, 2.207, _PARIS),
    Place("Créteil", "94000", "94028", 48.790, 2.455, _PARIS),
    Place("Versailles", "78000", "78646", 48.801, 2.130, _PARIS),
    Place("Cergy", "95000", "95127", 49.036, 2.076, _PARIS),
)
_STREETS = (
    "Rue de la République", "Avenue Jean Jaurès", "Rue Victor Hugo", "Boulevard Gambetta", "Rue Pasteur",
    "Place de l'Hôtel de Ville", "Rue des Écoles", "Avenue du Général Leclerc", "Rue Émile Zola", "Rue du Moulin",
    "Chemin des Vignes", "Rue Louis Blanc", "Zone artisanale des Chênes", "Rue Ampère", "Rue Marie Curie",
    "Allée des Tilleuls", "Quai de la Fontaine", "Rue Andrei Sakharov", "Route de l'Océan", "Rue Denis Papin",
    "Avenue de l'Europe", "Rue Saint-Exupéry", "Impasse des Lavandes", "Cours Voltaire", "Rue Gustave Eiffel",
)  # fmt: skip
_TRADES = (
    "Boulangerie", "Cabinet", "Garage", "Transports", "Menuiserie", "Imprimerie", "Pharmacie", "Ateliers",
    "Laboratoire", "Clinique", "Institut", "Établissements", "Fromagerie", "Hôtel", "Étude notariale", "Librairie",
    "Chaudronnerie", "Maison de retraite", "Lycée", "Collège", "Centre dentaire", "Logistique", "Carrières",
)  # fmt: skip
_LASTNAMES = (
    "Aubertin", "Besnard", "Chauvet", "Delaunay", "Estève", "Faugère", "Guérin", "Hérault", "Imbert", "Jégou",
    "Kerbrat", "Lefèvre", "Marchand", "Noël", "Olivier", "Périer", "Quéré", "Rivière", "Séguin", "Thévenot",
    "Urvoas", "Vasseur", "Weiss", "Yvon", "Zeller", "Bréhat", "Castaing", "Dumoulin", "Ferrand", "Lacaze",
)  # fmt: skip
_FIRSTNAMES = (
    "Adèle", "Benoît", "Camille", "Damien", "Élodie", "François", "Gaëlle", "Hervé", "Inès", "Jérôme", "Karine",
    "Loïc", "Maëlle", "Nicolas", "Océane", "Pascal", "Quentin", "Raphaël", "Sandrine", "Thierry",
)  # fmt: skip
_FORMS = ("", " SARL", " SAS", " et Fils", " & Associés", " SA", " SCOP")
_BUILDINGS = ("", "", "", "", "Bâtiment A", "Bâtiment B", "Le Pégase", "Les Érables", "Hall 3")
_LEVELS = ("", "", "RDC", "1", "2", "3", "-1")


@lru_cache(maxsize=8192)
def customer(seed: int, number: int) -> Customer:
    """Return the end customer of this number; the lower the number, the more sites."""
    dice = Dice(seed, "customer", number)
    lastname = dice.choice(_LASTNAMES)
    name = f"{dice.choice(_TRADES)} {lastname}{dice.choice(_FORMS)}"
    sites = 1 + dice.below(3 if number % 4 else 12)
    return Customer(number, name, f"{_plain(lastname).lower()}-{number}.example", sites)


@lru_cache(maxsize=16384)
def site(seed: int, number: int, index: int) -> Site:
    """Return one of the sites of the customer of this number."""
    dice = Dice(seed, "site", number, index)
    place, street = dice.choice(PLACES), dice.choice(_STREETS)
    street_number = str(1 + dice.below(180))
    extension = dice.choice(("", "", "", "", "", "", "", "bis", "ter"))
    where = (street_number, extension, _envelope(street), place.postcode, _envelope(place.city))
    return Site(
        index=index,
        place=place,
        street_name=street,
        street_number=street_number,
        street_number_extension=extension,
        building_name=dice.choice(_BUILDINGS),
        level_number=dice.choice(_LEVELS),
        latitude=round(place.latitude + dice.share() * 0.02 - 0.01, 6),
        longitude=round(place.longitude + dice.share() * 0.02 - 0.01, 6),
        address=" ".join(filter(None, where)).upper(),
    )


def contacts(seed: int, number: int, index: int) -> list[Contact]:
    """Return the one or two contacts at that site."""
    dice, owner = Dice(seed, "contacts", number, index), customer(seed, number)
    place = site(seed, number, index).place
    return [_contact(dice, owner, place) for _ in range(1 + dice.below(2))]


def _contact(dice: Dice, owner: Customer, place: Place) -> Contact:
    firstname, lastname = dice.choice(_FIRSTNAMES), dice.choice(_LASTNAMES)
    prefix = _MOBILE if dice.chance(400) else place.phone_prefix
    address = f"{_plain(firstname)}.{_plain(lastname)}@{owner.domain}".lower()
    return Contact(firstname, lastname, address, f"{prefix}{dice.below(10_000):04d}")


def siret(seed: int, number: int, index: int) -> str:
    """Return the SIRET of that site: nine digits for the customer, five for the establishment."""
    stem = f"{100_000_00 + Dice(seed, 'siren', number).below(800_000_00):08d}"
    stem += f"{_check_digit(stem)}{index + 1:04d}"
    return stem + _check_digit(stem)


def _check_digit(stem: str) -> str:
    """The digit that makes the number pass Luhn's test."""
    doubled = (sum(divmod(int(digit) * 2, 10)) for digit in stem[::-2])
    return str(-(sum(doubled) + sum(int(digit) for digit in stem[-2::-2])) % 10)


@lru_cache
def _envelope(text: str) -> str:
    """The text as it stands in an address on an envelope."""
    return _plain(text.replace("-", " ").replace("'", " ")).upper()


@lru_cache
def _plain(text: str) -> str:
    """The text without accents."""
    parts = unicodedata.normalize("NFKD", text)
    return "".join(part for part in parts if not unicodedata.combining(part))
