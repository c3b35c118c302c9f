//! Where the cassette of a test lies.

use std::path::{Path, PathBuf};

/// Where a test stands, as far as its cassette goes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    pub(crate) package: &'a str,
    pub(crate) manifest_dir: &'a Path,
    /// `crate::module`
    pub(crate) module: &'a str,
    pub(crate) name: &'a str,
    /// The folder of the source file.
    pub(crate) folder: &'a Path,
}

/// The path of a cassette: `cassettes/<package>/<module>/<test>.json` unless another one is said, which is looked for
/// beside the source file and below the package's folder. A new one is made beside the source file.
pub(crate) fn find(place: &Place<'_>, said: Option<&str>) -> PathBuf {
    let Some(said) = said else {
        return root(place.manifest_dir).join(below(place));
    };
    let candidates = [place.folder.join(said), place.manifest_dir.join(said)];
    let there = candidates.iter().find(|it| it.is_file() || pending(it).is_file());
    there.unwrap_or(&candidates[0]).clone()
}

/// Returns the path of a recording that has not been accepted yet.
pub(crate) fn pending(cassette: &Path) -> PathBuf {
    let mut name = cassette.as_os_str().to_owned();
    name.push(".new");
    name.into()
}

/// The nearest folder `cassettes` between the package's and the workspace's, which is where `Cargo.lock` lies; the
/// workspace's if there is none yet.
fn root(manifest_dir: &Path) -> PathBuf {
    for folder in manifest_dir.ancestors() {
        let cassettes = folder.join("cassettes");
        if cassettes.is_dir() || folder.join("Cargo.lock").is_file() {
            return cassettes;
        }
    }
    manifest_dir.join("cassettes")
}

/// `package/module/test.json`; a library's own name at the front of its module says nothing new.
fn below(place: &Place<'_>) -> PathBuf {
    let mut path = PathBuf::from(place.package);
    let library = place.package.replace('-', "_");
    let mut modules = place.module.split("::").peekable();
    if modules.peek() == Some(&library.as_str()) {
        modules.next();
    }
    path.extend(modules);
    path.push(format!("{}.json", place.name.trim_start_matches("r#")));
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place<'a>(package: &'a str, module: &'a str) -> Place<'a> {
        Place {
            package,
            manifest_dir: Path::new("nowhere"),
            module,
            name: "it_works",
            folder: Path::new("nowhere/tests"),
        }
    }

    #[test]
    fn a_cassette_is_called_after_its_test() {
        let path =
            |package, module| below(&place(package, module)).to_string_lossy().replace('\\', "/");
        assert_eq!(path("my-app", "my_app::grants::tests"), "my-app/grants/tests/it_works.json");
        assert_eq!(path("my-app", "grants"), "my-app/grants/it_works.json");
        assert_eq!(path("my-app", "my_app"), "my-app/it_works.json");
    }

    #[test]
    fn one_that_is_named_and_not_there_lies_beside_the_source() {
        let found = find(&place("my-app", "grants"), Some("shared/a.json"));
        assert_eq!(found, Path::new("nowhere/tests").join("shared/a.json"));
    }
}
