"""Which handler sends which kind of operation of carts and lines."""

from covage import Covage
from outbox.handlers import Handler
from sessions_app.carts.operations import DELETE_CART, SAVE_CART, DeleteCart, SaveCart
from sessions_app.confirmation.operations import CONFIRM_CART, ConfirmCart
from sessions_app.lines.operations import DELETE_LINE, SAVE_LINE, DeleteLine, SaveLine

HANDLERS: dict[str, Handler[Covage]] = {
    SAVE_CART: SaveCart(),
    DELETE_CART: DeleteCart(),
    CONFIRM_CART: ConfirmCart(),
    SAVE_LINE: SaveLine(),
    DELETE_LINE: DeleteLine(),
}
