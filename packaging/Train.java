import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Makes {@code lib/weir.aot} of a runnable tree: lets its demo answer some requests and has the JVM
 * keep the classes that it loaded and the profiles of the methods that it ran (JEP 514, JEP 515).
 *
 * <p>The cache fits only the JVM and the flags that it was made with, so the tree's own launcher
 * starts that JVM, on the Java that runs this.
 */
final class Train {
  /** Enough for the methods of the request path to be profiled. */
  private static final int REQUESTS = 3000;

  private static final int MINUTES = 3;

  private static final Pattern URL = Pattern.compile("https?://127\\.0\\.0\\.1:[0-9]+/\\S*");

  public static void main(String[] arguments)
      throws IOException, InterruptedException, GeneralSecurityException {
    Path tree = Path.of(arguments[0]).toAbsolutePath();
    Path cache = tree.resolve("lib/weir.aot");
    Files.deleteIfExists(cache);
    Path words = Files.createTempFile("weir-train", ".log");
    Process weir = start(tree, cache, words);
    try (BufferedReader out = weir.inputReader(StandardCharsets.UTF_8)) {
      List<URI> urls = urls(out);
      try {
        if (!urls.isEmpty()) {
          askForEverything(urls);
        }
      } finally {
        weir.toHandle().destroy(); // TERM: it drains, and the JVM writes the cache
      }
      out.transferTo(Writer.nullWriter());
    }
    if (!weir.waitFor(MINUTES, TimeUnit.MINUTES) || !Files.exists(cache)) {
      weir.destroyForcibly();
      throw new IOException(
          "no " + cache + " came of the training run:\n" + Files.readString(words));
    }
    Files.delete(words);
  }

  private static Process start(Path tree, Path cache, Path words) throws IOException {
    ProcessBuilder weir =
        new ProcessBuilder(
            tree.resolve("bin/weir").toString(),
            "demo",
            "--http",
            "0",
            "--https",
            "0",
            "--admin",
            "0");
    weir.environment().put("JAVA_HOME", System.getProperty("java.home"));
    weir.environment().put("JAVA_OPTS", "-XX:AOTCacheOutput=" + cache);
    return weir.redirectError(words.toFile()).start();
  }

  /** Those of the demo's invitation, whose last line speaks of Ctrl-C. */
  private static List<URI> urls(BufferedReader out) throws IOException {
    StringBuilder invitation = new StringBuilder();
    String line = out.readLine();
    while (line != null && !line.contains("Ctrl-C")) {
      invitation.append(line).append('\n');
      line = out.readLine();
    }
    if (line == null) {
      return List.of(); // it did not start
    }
    return URL.matcher(invitation.append(line))
        .results()
        .map(match -> URI.create(match.group().replaceAll("['\\[].*", "")))
        .toList();
  }

  private static void askForEverything(List<URI> urls)
      throws IOException, InterruptedException, GeneralSecurityException {
    try (HttpClient client = HttpClient.newBuilder().sslContext(trustingAll()).build()) {
      for (int i = 0; i < REQUESTS; i++) {
        URI url = urls.get(i % (urls.size() - 1));
        client.send(HttpRequest.newBuilder(url).build(), BodyHandlers.discarding());
      }
      URI admin = urls.getLast();
      for (String path :
          List.of("/", "/dashboard.js", "/metrics", "/api/v1/status", "/api/v1/stats")) {
        client.send(HttpRequest.newBuilder(admin.resolve(path)).build(), BodyHandlers.discarding());
      }
    }
  }

  private static SSLContext trustingAll() throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new TrustAll()}, null);
    return context;
  }

  /** The demo's certificate vouches for itself. */
  private static final class TrustAll extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
