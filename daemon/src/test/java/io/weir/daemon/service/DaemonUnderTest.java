package io.weir.daemon.service;

import com.fasterxml.jackson.jr.ob.JSON;
import io.weir.daemon.config.ConfigSource;
import io.weir.daemon.config.Loading;
import io.weir.daemon.state.StateDirectory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A daemon with the file {@code weir.yaml} of a folder, and an ordinary client of it. */
public final class DaemonUnderTest implements AutoCloseable {
  private final HttpClient client = HttpClient.newHttpClient();
  private final Daemon daemon;
  private final Path file;

  private DaemonUnderTest(Daemon daemon, Path file) {
    this.daemon = daemon;
    this.file = file;
  }

  /** One that keeps nothing. */
  public static DaemonUnderTest start(Path folder, String text) throws IOException, CannotStart {
    return start(folder, text, Map.of(StateDirectory.VARIABLE, ""));
  }

  public static DaemonUnderTest start(Path folder, String text, Map<String, String> environment)
      throws IOException, CannotStart {
    Path file = Files.writeString(folder.resolve("weir.yaml"), text);
    ConfigSource source = ConfigSource.file(file, environment::get);
    return switch (source.load()) {
      case Loading.Loaded loaded ->
          new DaemonUnderTest(new Daemon(source, loaded, environment), file);
      case Loading.Broken broken -> throw new AssertionError(broken.problems().toString());
    };
  }

  public Daemon daemon() {
    return daemon;
  }

  public Path file() {
    return file;
  }

  /** {@code --admin} and where the daemon hears commands. */
  public String admin() {
    return "--admin=" + hostPort(daemon.adminAddress());
  }

  /** The port of the listener {@code web}. */
  public int port() {
    return daemon.listenerAddress("web").getPort();
  }

  /** Asks the listener {@code web}; headers are names and values in turn. */
  public HttpResponse<String> get(String target, String... headers) throws Exception {
    return send("http://" + hostPort(daemon.listenerAddress("web")) + target, headers);
  }

  /** A page of the admin endpoint. */
  public String page(String path) throws Exception {
    return send("http://" + hostPort(daemon.adminAddress()) + path).body();
  }

  public Map<String, Object> json(String path) throws Exception {
    return JSON.std.mapFrom(page(path));
  }

  private HttpResponse<String> send(String url, String... headers) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private static String hostPort(InetSocketAddress address) {
    return address.getHostString() + ":" + address.getPort();
  }

  @Override
  public void close() {
    client.close();
    daemon.close();
  }
}
