using Swiper.Core.Accounts;

namespace Swiper.Storage.Embedded;

/// <summary>The options of the embedded engine.</summary>
/// <param name="Folder">The folder of the SQLite files; created if missing.</param>
/// <param name="Shards">The number of files, each with a committing thread; fixed when the folder is created.</param>
/// <param name="CachedProfiles">Profiles kept in memory.</param>
/// <param name="CodeRules">The rules of login codes.</param>
public sealed record EmbeddedOptions(string Folder, int Shards, int CachedProfiles, CodeRules CodeRules)
{
    /// <summary>With fewer free bytes where the folder is, the host's health says so.</summary>
    public long LowSpace { get; init; }

    /// <summary>
    /// Whether another process has just closed the folder for this one: its files are then as they were left, and not read through for
    /// damage.
    /// </summary>
    public bool IsHandedOver { get; init; }

    /// <summary>What was read while the other process still had the folder; its owner disposes it once the engine is open.</summary>
    public ReadAhead? ReadAhead { get; init; }
}
