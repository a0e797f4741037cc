package io.weir.tls;

/** What becomes of a connection once its ClientHello is known. */
public sealed interface ServerNameDecision {

  /** TLS ends here. Made once per certificate: {@link ServerTls#decision}. */
  record Terminate(ServerTls tls) implements ServerNameDecision {}

  /**
   * The bytes go on as they came.
   *
   * @param target what the one who decided will know it by; make it once, not per connection
   */
  record PassThrough(Object target) implements ServerNameDecision {}

  /** The end without a word, as {@link ClientHelloCallback#dropped} makes it. */
  record Drop() implements ServerNameDecision {
    public static final Drop SILENTLY = new Drop();
  }

  /** An alert and the end. */
  record Refuse(TlsFailure why) implements ServerNameDecision {
    static final Refuse UNKNOWN_NAME = new Refuse(TlsFailure.UNKNOWN_SNI);
    static final Refuse NO_PROTOCOL = new Refuse(TlsFailure.ALPN);
  }
}
