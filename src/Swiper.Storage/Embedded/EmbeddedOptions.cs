using Swiper.Core.Accounts;

namespace Swiper.Storage.Embedded;

/// <summary>How the embedded engine is set up.</summary>
/// <param name="Folder">Holds the SQLite files; made where it is missing.</param>
/// <param name="Shards">Files, each with a committing thread; fixed when the folder is made.</param>
/// <param name="CachedProfiles">Profiles kept in memory.</param>
/// <param name="CodeRules">The rules of login codes.</param>
public sealed record EmbeddedOptions(string Folder, int Shards, int CachedProfiles, CodeRules CodeRules);
