package io.weir.core;

import io.weir.core.config.RuntimeConfig.TransportChoice;
import io.weir.core.worker.Transport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Chooses how sockets are driven; never falls back in silence. */
final class Transports {
  private static final Logger LOG = LoggerFactory.getLogger(Transports.class);

  private Transports() {}

  static Transport choose(TransportChoice choice) throws StartException {
    return switch (choice) {
      case AUTO -> {
        if (!Transport.EPOLL.isAvailable()) {
          LOG.warn("epoll is not available on this system: using nio, which is slower");
          yield Transport.NIO;
        }
        yield Transport.EPOLL;
      }
      case EPOLL -> demand(Transport.EPOLL);
      case IO_URING -> demand(Transport.IO_URING);
      case NIO -> Transport.NIO;
    };
  }

  private static Transport demand(Transport transport) throws StartException {
    if (!transport.isAvailable()) {
      throw new StartException("transport: " + transport.label() + " is not available here");
    }
    return transport;
  }
}
