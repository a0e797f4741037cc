package io.weir.daemon;

import io.netty.util.NetUtil;
import io.weir.core.worker.Clock;
import io.weir.daemon.cli.ExitCode;
import io.weir.daemon.config.ConfigSource;
import io.weir.daemon.config.Loading;
import io.weir.daemon.demo.DemoBackends;
import io.weir.daemon.service.CannotStart;
import io.weir.daemon.service.Daemon;
import io.weir.daemon.state.StateDirectory;
import io.weir.tls.CertificatePem;
import io.weir.tls.SelfSigned;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code weir demo}: everything at once on this machine, and nothing left of it afterwards. */
@Command(
    name = "demo",
    description = "Serves three backends of its own behind some rules, all on 127.0.0.1.",
    mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
  private static final Duration VALIDITY = Duration.ofDays(30);

  private static final int HIGHEST_PORT = 65_535;

  @Option(names = "--seconds", paramLabel = "N", description = "End after so many seconds.")
  private int seconds; // 0: at Ctrl-C

  @Option(
      names = "--http",
      paramLabel = "PORT",
      description = "For HTTP, ${DEFAULT-VALUE} unless given; 0 takes a free one.")
  private int http = 8080;

  @Option(
      names = "--https",
      paramLabel = "PORT",
      description = "For HTTPS, ${DEFAULT-VALUE} unless given; 0 takes a free one.")
  private int https = 8443;

  @Option(
      names = "--admin",
      paramLabel = "PORT",
      description = "For the dashboard, ${DEFAULT-VALUE} unless given; 0 takes a free one.")
  private int admin = 9717;

  @Spec private @Nullable CommandSpec command;

  @Override
  public Integer call() throws CannotStart, InterruptedException, IOException {
    checkPorts();
    Stopping stopping = Stopping.atSignals();
    try (DemoBackends backends = new DemoBackends(Clock.SYSTEM::nanos)) {
      ConfigSource source = new DemoSource(certificate(), values(backends.ports()));
      if (!(source.load() instanceof Loading.Loaded loaded)) {
        throw new IllegalStateException("the demo's own configuration is not valid");
      }
      try (Daemon daemon = new Daemon(source, loaded, withoutState(System.getenv()))) {
        stopping.of(daemon);
        System.out.print(invitation(daemon));
        System.out.flush();
        if (seconds > 0) {
          Thread.ofVirtual().start(() -> stopLater(daemon));
        }
        daemon.runUntilStopped();
      }
    }
    return ExitCode.OK;
  }

  private void checkPorts() {
    refuseBeyondPorts("--http", http);
    refuseBeyondPorts("--https", https);
    refuseBeyondPorts("--admin", admin);
    if (https != 0 && (https == http || https == admin)) {
      throw wrong("--http, --https and --admin: two of them are " + https);
    }
    if (http != 0 && http == admin) {
      throw wrong("--http, --https and --admin: two of them are " + http);
    }
  }

  private void refuseBeyondPorts(String option, int port) {
    if (port < 0 || port > HIGHEST_PORT) {
      throw wrong(option + ": " + port + " (expected: 0 to " + HIGHEST_PORT + ")");
    }
  }

  private ParameterException wrong(String message) {
    return new ParameterException(Objects.requireNonNull(command).commandLine(), message);
  }

  private static CertificatePem certificate() {
    return SelfSigned.create(
        List.of("localhost", "127.0.0.1"), VALIDITY, Instant.now(), new SecureRandom());
  }

  private Map<String, String> values(List<Integer> backends) throws IOException {
    return Map.of(
        "HTTP_PORT", String.valueOf(http == 0 ? freePort() : http),
        "HTTPS_PORT", String.valueOf(https == 0 ? freePort() : https),
        "ADMIN_PORT", String.valueOf(admin),
        "BACKEND_1", backends.get(0).toString(),
        "BACKEND_2", backends.get(1).toString(),
        "BACKEND_3", backends.get(2).toString());
  }

  /** Chosen here, since two listeners of one configuration cannot both say port 0. */
  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static String invitation(Daemon daemon) {
    String web = "http://" + NetUtil.toSocketAddressString(daemon.listenerAddress("web"));
    String secure = "https://" + NetUtil.toSocketAddressString(daemon.listenerAddress("secure"));
    String page = "http://" + NetUtil.toSocketAddressString(daemon.adminAddress()) + "/";
    return """

    Weir serves three backends; the third is unwell now and then. Try, in another terminal:

      curl %1$s/hello
      curl --insecure %2$s/hello
      curl --include %1$s/admin/users
      curl --user-agent evilbot %1$s/
      curl --silent --output /dev/null --write-out '%%{http_code} ' '%1$s/limited/[1-6]'

    Balanced, the same over TLS, denied by path, denied by header, and limited after three.
    Watch it at %3$s and stop it with Ctrl-C.

    """
        .formatted(web, secure, page);
  }

  /** What is banned here shall not be banned elsewhere. */
  private static Map<String, String> withoutState(Map<String, String> environment) {
    Map<String, String> without = new HashMap<>(environment);
    without.put(StateDirectory.VARIABLE, "");
    return without;
  }

  private void stopLater(Daemon daemon) {
    try {
      Thread.sleep(Duration.ofSeconds(seconds));
      daemon.stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
