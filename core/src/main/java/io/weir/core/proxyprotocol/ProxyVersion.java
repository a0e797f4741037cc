package io.weir.core.proxyprotocol;

/** The form in which a header is sent; both are read. */
public enum ProxyVersion {
  V1,
  V2
}
