package io.weir.daemon.fetch;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.weir.tls.CertificatePem;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A server of lists that knows versions, and can misbehave. */
public final class ListServer implements AutoCloseable {
  private final HttpServer server;
  private final String scheme;
  private final Map<String, String> pages = new ConcurrentHashMap<>();
  private final Map<String, Integer> statuses = new ConcurrentHashMap<>();
  private final Map<String, String> redirects = new ConcurrentHashMap<>();
  private final Map<String, CountDownLatch> held = new ConcurrentHashMap<>();
  private volatile String type = "text/plain";
  private final List<String> log = new CopyOnWriteArrayList<>();

  private ListServer(HttpServer server, String scheme) {
    this.server = server;
    this.scheme = scheme;
    server.createContext("/", this::answer);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
  }

  public static ListServer http() throws IOException {
    return new ListServer(HttpServer.create(address(), 0), "http");
  }

  static ListServer https(CertificatePem pem) throws Exception {
    HttpsServer server = HttpsServer.create(address(), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context(pem)));
    return new ListServer(server, "https");
  }

  private static InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  private static SSLContext context(CertificatePem pem) throws Exception {
    byte[] key = Base64.getMimeDecoder().decode(pem.key().replaceAll("-----[A-Z ]+-----", ""));
    Certificate certificate =
        CertificateFactory.getInstance("X.509")
            .generateCertificate(
                new java.io.ByteArrayInputStream(
                    pem.certificate().getBytes(StandardCharsets.US_ASCII)));
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(
        "a",
        KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(key)),
        new char[0],
        new Certificate[] {certificate});
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(store, new char[0]);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      Headers asked = exchange.getRequestHeaders();
      String page = pages.get(path);
      String etag = page == null ? "" : '"' + sha256(page).substring(0, 8) + '"';
      boolean known = page != null && etag.equals(asked.getFirst("If-None-Match"));
      int status = statuses.getOrDefault(path, page == null ? 404 : known ? 304 : 200);
      log.add(path + " " + status);
      if (held.containsKey(path)) {
        await(held.get(path));
      }
      if (redirects.containsKey(path)) {
        exchange.getResponseHeaders().set("Location", redirects.get(path));
        exchange.sendResponseHeaders(302, -1);
        return;
      }
      exchange.getResponseHeaders().set("ETag", etag);
      exchange.getResponseHeaders().set("Last-Modified", "Sun, 22 Nov 2026 12:00:00 GMT");
      exchange.getResponseHeaders().set("Content-Type", type);
      byte[] body = status == 200 && page != null ? page.getBytes(StandardCharsets.UTF_8) : null;
      exchange.sendResponseHeaders(status, body == null || body.length == 0 ? -1 : body.length);
      if (body != null && body.length > 0) {
        exchange.getResponseBody().write(body);
      }
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** From now on there is this at the path. */
  public ListServer has(String path, String page) {
    statuses.remove(path);
    pages.put(path, page);
    return this;
  }

  public ListServer answers(String path, int status) {
    statuses.put(path, status);
    return this;
  }

  /** Who asks there is in the log, and answered only then. */
  ListServer holds(String path, CountDownLatch until) {
    held.put(path, until);
    return this;
  }

  /** What it calls whatever it sends from now on. */
  ListServer type(String contentType) {
    type = contentType;
    return this;
  }

  ListServer redirects(String path, String to) {
    redirects.put(path, to);
    return this;
  }

  /** What was asked for and how it was answered, like {@code /a.txt 200}. */
  public List<String> log() {
    return log;
  }

  public URI url(String path) {
    return URI.create(scheme + "://localhost:" + server.getAddress().getPort() + path);
  }

  public static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
