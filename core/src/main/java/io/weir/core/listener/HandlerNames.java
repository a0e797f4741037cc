package io.weir.core.listener;

/** What handlers are called in a client connection's pipeline. */
final class HandlerNames {
  static final String PROXY = "proxy";
  static final String HELLO_WATCH = "hello-watch";
  static final String HELLO = "hello";
  static final String TLS = "tls";
  static final String HANDSHAKE = "handshake";
  static final String PREFACE = "preface";
  static final String HTTP = "http";
  static final String RELAY = "relay";

  private HandlerNames() {}
}
