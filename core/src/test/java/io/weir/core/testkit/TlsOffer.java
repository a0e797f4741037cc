package io.weir.core.testkit;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * What a client says in its ClientHello.
 *
 * @param serverName empty sends none
 * @param protocols ALPN, in order of preference; empty sends none
 * @param versions such as {@code TLSv1.2}; empty means what the JDK offers
 */
public record TlsOffer(String serverName, List<String> protocols, List<String> versions) {
  public TlsOffer {
    protocols = List.copyOf(protocols);
    versions = List.copyOf(versions);
  }

  public static TlsOffer named(String serverName) {
    return new TlsOffer(serverName, List.of(), List.of());
  }

  public static TlsOffer unnamed() {
    return named("");
  }

  public TlsOffer protocols(String... names) {
    return new TlsOffer(serverName, List.of(names), versions);
  }

  public TlsOffer versions(String... names) {
    return new TlsOffer(serverName, protocols, List.of(names));
  }

  SSLSocket handshake(Socket transport, Duration patience) throws IOException {
    SSLSocket socket =
        (SSLSocket) trustingContext().getSocketFactory().createSocket(transport, null, 0, true);
    SSLParameters parameters = socket.getSSLParameters();
    if (!serverName.isEmpty()) {
      parameters.setServerNames(List.of(new SNIHostName(serverName)));
    }
    parameters.setApplicationProtocols(protocols.toArray(String[]::new));
    if (!versions.isEmpty()) {
      parameters.setProtocols(versions.toArray(String[]::new));
    }
    socket.setSSLParameters(parameters);
    socket.setSoTimeout((int) patience.toMillis());
    socket.startHandshake();
    return socket;
  }

  private static SSLContext trustingContext() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new TrustsAll()}, new SecureRandom());
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static final class TrustsAll extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
