package io.weir.core.http;

import io.netty.handler.codec.DecoderException;
import java.io.IOException;
import javax.net.ssl.SSLException;

/** Tells what the other end of a connection did from what a bug of ours did. */
public final class PeerFault {
  private PeerFault() {}

  /** Whether a pipeline failed because the connection was lost or cannot be read. */
  public static boolean is(Throwable cause) {
    return cause instanceof IOException || isTls(cause);
  }

  /**
   * Whether what came is no TLS, or broken, or its alert: what Netty's handler throws in a read.
   */
  public static boolean isTls(Throwable cause) {
    return cause instanceof DecoderException && cause.getCause() instanceof SSLException;
  }
}
