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

/** Prose about names rots unless a test reads it. */
class DocumentedTypesTest {
  private static final Pattern TYPE = Pattern.compile("\\b([A-Z][a-z0-9]+(?:[A-Z][a-z0-9]*)+)\\b");

  private static final Pattern PACKAGE =
      Pattern.compile("(?m)^\\| `([a-z0-9]+)` \\| [^|]+ \\| [^|]+ \\|$");

  private static final String CORE = "io.weir.core";

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

  @Test
  void architectureNamesEveryPackageOfCore() throws IOException {
    Set<String> packages = new TreeSet<>();
    ClassFileImporter importer =
        new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests());
    for (JavaClass type : importer.importPackages(CORE)) {
      if (!type.getPackageName().equals(CORE)) {
        packages.add(type.getPackageName().substring(CORE.length() + 1));
      }
    }
    assertThat(PACKAGE.matcher(Files.readString(Path.of("../docs/architecture.md"))).results())
        .as("rows of the packages of core in docs/architecture.md")
        .extracting(row -> row.group(1))
        .containsExactlyInAnyOrderElementsOf(packages);
  }
}
