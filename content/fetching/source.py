"""Pictures by URL for a server that strangers speak to. Knows nothing of what is done with them."""

import ssl
from threading import BoundedSemaphore
from typing import Final

import httpcore

from content.errors import InvalidInput
from content.fetching.cache import UrlCache, UrlCounts
from content.fetching.deadline import Deadline
from content.fetching.errand import Errand
from content.fetching.network import GuardedNetwork
from content.fetching.policy import HostPolicy
from content.fetching.resolver import Resolve, SystemResolver
from content.fetching.single_flight import SingleFlight
from content.fetching.url import ImageUrl, read_url
from content.limits import DEFAULT_LIMITS, ImageLimits

AT_ONCE: Final = 16


class GuardedImageSource:
    """An `ImageSource`; safe to use from several threads.

    policy: whose pictures are fetched. timeout_s: seconds that one may take, from the wait for a turn to the last byte.
    cache_bytes: room for pictures that were fetched. at_once: how many are fetched at a time.
    resolve, network, tls: how names are looked up, connections made and certificates checked; None for the system's.
    """

    def __init__(
        self,
        policy: HostPolicy,
        *,
        limits: ImageLimits = DEFAULT_LIMITS,
        timeout_s: float = 10.0,
        cache_bytes: int = 0,
        at_once: int = AT_ONCE,
        resolve: Resolve | None = None,
        network: httpcore.NetworkBackend | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._policy = policy
        self._limits = limits
        self._timeout_s = timeout_s
        self._cache = UrlCache(cache_bytes)
        self._flights = SingleFlight()
        self._turns = BoundedSemaphore(at_once)
        self._resolve = resolve or SystemResolver()
        self._network = network or httpcore.SyncBackend()
        self._tls = tls or httpcore.default_ssl_context()

    @property
    def counts(self) -> UrlCounts:
        """Of its cache."""
        return self._cache.counts

    def fetch(self, url: str) -> bytes:
        """The bytes behind the URL, which begin as a picture does.

        Raises UrlRefused for what is not asked, UrlFailed for what gives no picture in time, TooLarge, NotAnImage.
        """
        read = read_url(url)
        self._policy.check(read.host)
        deadline = Deadline(self._timeout_s)
        try:
            return self._flights.share(str(read), lambda: self._picture(read, deadline), deadline.left())
        except TimeoutError:
            raise deadline.missed() from None
        except InvalidInput as error:  # one for each who waited: the field that it names is the caller's
            raise type(error)(error.message) from error

    def _picture(self, url: ImageUrl, deadline: Deadline) -> bytes:
        kept = self._cache.get(str(url))
        if kept is not None:
            return kept
        if not self._turns.acquire(timeout=deadline.left()):
            raise deadline.missed()
        try:
            network = GuardedNetwork(deadline, self._resolve, self._network)
            fetched = Errand(self._policy, self._limits, deadline, network, self._tls).run(url)
        finally:
            self._turns.release()
        self._cache.put(str(url), fetched.data, fetched.keep_s)
        return fetched.data
