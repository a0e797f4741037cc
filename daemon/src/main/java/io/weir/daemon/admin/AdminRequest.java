package io.weir.daemon.admin;

import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.util.NetUtil;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Questions about a request to the admin endpoint. */
final class AdminRequest {
  private AdminRequest() {}

  /** The path without its query, or null for a target that is not a path. */
  static @Nullable String path(FullHttpRequest request) {
    String target = request.uri();
    if (!target.startsWith("/")) {
      return null;
    }
    int question = target.indexOf('?');
    return question < 0 ? target : target.substring(0, question);
  }

  /**
   * Whether the Host header names this machine's loopback, by address or as localhost.
   *
   * <p>A page of somebody's site can point its own name to 127.0.0.1 and then talk to us from the
   * browser of whoever opened it (DNS rebinding); its name is what gives it away.
   */
  static boolean isForLoopback(FullHttpRequest request) {
    var hosts = request.headers().getAll(HttpHeaderNames.HOST);
    return hosts.size() == 1 && isLoopback(withoutPort(hosts.getFirst()));
  }

  /** A form of another site can post anything but this type without asking first. */
  static boolean isJson(FullHttpRequest request) {
    String type = request.headers().get(HttpHeaderNames.CONTENT_TYPE, "");
    int semicolon = type.indexOf(';');
    String essence = semicolon < 0 ? type : type.substring(0, semicolon);
    return essence.strip().equalsIgnoreCase("application/json");
  }

  private static String withoutPort(String host) {
    if (host.startsWith("[")) {
      int end = host.indexOf(']');
      return end < 0 ? "" : host.substring(1, end);
    }
    int colon = host.lastIndexOf(':');
    return colon < 0 ? host : host.substring(0, colon);
  }

  private static boolean isLoopback(String host) {
    if (host.toLowerCase(Locale.ROOT).equals("localhost")) {
      return true;
    }
    if (NetUtil.isValidIpV4Address(host)) {
      return host.startsWith("127.");
    }
    byte[] v6 = NetUtil.createByteArrayFromIpAddressString(host);
    return v6 != null && Arrays.equals(v6, NetUtil.LOCALHOST6.getAddress());
  }
}
