package io.weir.daemon.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Prose about names rots unless a test reads it. */
class DocumentedTypesTest {
  private static final Pattern TYPE = Pattern.compile("\\b([A-Z][a-z0-9]+(?:[A-Z][a-z0-9]*)+)\\b");

  /** Words in that shape that are not our types. */
  private static final Set<String> FOREIGN =
      Set.of("HdrHistogram", "NullAway", "SslHandler", "SnakeYAML");

  @Test
  void architectureNamesOnlyTypesThatExist() throws IOException {
    Set<String> known = new HashSet<>(FOREIGN);
    for (JavaClass type : new ClassFileImporter().importPackages("io.weir")) {
      known.add(type.getSimpleName());
    }
    Set<String> unknown = new TreeSet<>();
    String text = Files.readString(Path.of("../docs/architecture.md"));
    for (String code : text.split("`|\\n```", -1)) {
      Matcher names = TYPE.matcher(code);
      while (names.find()) {
        if (!known.contains(names.group(1))) {
          unknown.add(names.group(1));
        }
      }
    }
    assertThat(unknown).as("types named in docs/architecture.md that do not exist").isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "io.weir.core, ([a-z0-9]+)",
    "io.weir.firewall, firewall\\.([a-z0-9]+)",
    "io.weir.daemon, daemon\\.([a-z0-9.]+)"
  })
  void architectureNamesEveryPackageOf(String root, String name) throws IOException {
    Set<String> packages = new TreeSet<>();
    ClassFileImporter importer =
        new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests());
    for (JavaClass type : importer.importPackages(root)) {
      if (!type.getPackageName().equals(root)) {
        packages.add(type.getPackageName().substring(root.length() + 1));
      }
    }
    Pattern row = Pattern.compile("(?m)^\\| `" + name + "` \\| [^|]+ \\| [^|]+ \\|$");
    assertThat(row.matcher(Files.readString(Path.of("../docs/architecture.md"))).results())
        .as("rows of the packages of %s in docs/architecture.md", root)
        .extracting(found -> found.group(1))
        .containsExactlyInAnyOrderElementsOf(packages);
  }
}
