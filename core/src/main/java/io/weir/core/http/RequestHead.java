package io.weir.core.http;

/**
 * The head of one request, whichever version of HTTP it came by. Filled by a reader, checked by a
 * guard, then only read; belongs to one loop and is reused.
 */
public final class RequestHead {
  /** More than this is given back when the head is reused. */
  private static final int KEPT_BYTES = 8 * 1024;

  private final Fields fields = new Fields();
  private String method = "";
  private String target = "";
  private String host = "";
  private int hostField = -1;
  private HttpVersion version = HttpVersion.HTTP_1_1;
  private long bodyLength = BodyLength.NONE;
  private boolean persistent = true;
  private boolean expectsContinue;
  private boolean webSocket;
  private int upgradeField = -1;
  private NameSet settled = NameSet.NONE;

  /** Ready for the next request. */
  public void clear() {
    fields.clear(KEPT_BYTES);
    method = "";
    target = "";
    host = "";
    hostField = -1;
    version = HttpVersion.HTTP_1_1;
    bodyLength = BodyLength.NONE;
    persistent = true;
    expectsContinue = false;
    webSocket = false;
    upgradeField = -1;
    settled = NameSet.NONE;
  }

  /** Bytes of heap that it holds, in use or not. */
  public int footprint() {
    return fields.footprint() + method.length() + target.length();
  }

  public Fields fields() {
    return fields;
  }

  /** Sets what HTTP/1 has in its first line and HTTP/2 in pseudo-fields. */
  public void requestLine(String method, String target, HttpVersion version) {
    this.method = method;
    this.target = target;
    this.version = version;
  }

  /**
   * Sets the host.
   *
   * @param host lower case, without port and without a final dot
   * @param field index of the Host field, or -1
   */
  public void host(String host, int field) {
    this.host = host;
    this.hostField = field;
  }

  /** Sets the names among those that we write of which the route decides what is sent. */
  public void settle(NameSet names) {
    settled = names;
  }

  /** Whether we write no field of that name by ourselves. */
  public boolean isSettled(FieldName name) {
    return settled.contains(name);
  }

  /** Sets how the message is framed. */
  public void framing(long bodyLength, boolean persistent, boolean expectsContinue) {
    this.bodyLength = bodyLength;
    this.persistent = persistent;
    this.expectsContinue = expectsContinue;
  }

  /** The request asks to go on as a WebSocket. */
  public void asksForWebSocket(boolean asks) {
    webSocket = asks;
  }

  /** The request asks to go on in the one protocol that this Upgrade field names. */
  public void asksForUpgrade(int field) {
    upgradeField = field;
  }

  public String method() {
    return method;
  }

  /** The request-target as it came. */
  public String target() {
    return target;
  }

  /** Lower case, without port; empty if the request named none. */
  public String host() {
    return host;
  }

  /** Index of the Host field, or -1. */
  public int hostField() {
    return hostField;
  }

  public HttpVersion version() {
    return version;
  }

  /** 0 for HTTP/1.0, which knows neither chunks nor interim responses; otherwise 1. */
  public int minorVersion() {
    return version == HttpVersion.HTTP_1_0 ? 0 : 1;
  }

  /** A count of bytes, or a constant of {@link BodyLength}. */
  public long bodyLength() {
    return bodyLength;
  }

  public boolean hasBody() {
    return bodyLength > 0 || bodyLength == BodyLength.CHUNKED;
  }

  /** Whether the client means to send another request on this connection. */
  public boolean persistent() {
    return persistent;
  }

  /** Whether the client asks to go on as a WebSocket (RFC 6455 section 4.1, RFC 8441). */
  public boolean isWebSocket() {
    return webSocket;
  }

  /** Index of the Upgrade field that is passed on to backends of HTTP/1 as it is, or -1. */
  public int upgradeField() {
    return upgradeField;
  }

  /** Whether the client waits for {@code 100 Continue} before it sends the body. */
  public boolean expectsContinue() {
    return expectsContinue;
  }
}
