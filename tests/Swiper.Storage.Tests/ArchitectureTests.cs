using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Swiper.Storage.Cluster;
using Assembly = System.Reflection.Assembly;

namespace Swiper.Storage.Tests;

/// <summary>Dependencies run one way: from Host to Storage to Core, and between the folders of Storage.</summary>
public sealed class ArchitectureTests
{
    private const string Root = "Swiper.Storage";

    /// <summary>The folders of Storage, each after all that it uses. The empty one is Storage itself.</summary>
    private static readonly string[] Folders =
    [
        "Metrics", "Sharding", "Caching", "Migrations", "Indexes",
        "Records",
        "Accounts", "Pushes", "Friends", "Social", "Vip",
        "MySql",
        "Redis", "Redis.Reading", "Redis.Repair",
        "",
        "Embedded.Sqlite", "Embedded.Backups", "Embedded.Indexes",
        "Embedded.Social", "Embedded.Ranking",
        "Embedded",
        "Cluster.Nodes", "Cluster.Repair", "Cluster.Ranking",
        "Cluster.Events", "Cluster.Accounts", "Cluster.Dispatch", "Cluster.Social",
        "Cluster",
        "Checking",
    ];

    // What a folder uses after itself: an engine's lanes run the operations of its slices, and these write through the lanes.
    private static readonly HashSet<(string From, string To)> Back =
    [
        ("Embedded.Social", "Embedded"), ("Embedded.Ranking", "Embedded"),
        ("Cluster.Events", "Cluster"), ("Cluster.Accounts", "Cluster"), ("Cluster.Dispatch", "Cluster"),
        ("Cluster.Social", "Cluster"),
    ];

    [Fact]
    public void Core_references_no_server_and_no_store_and_of_swiper_only_the_protocol_and_storage_only_core()
    {
        Assert.All(ReferencesOf(typeof(Opcode).Assembly), static name => Assert.StartsWith("System", name));
        Assert.All(
            ReferencesOf(typeof(Session).Assembly),
            static name => Assert.Matches(@"^(System|Microsoft\.Extensions|Swiper\.Core\.Protocol$)", name));
        Assert.Equal(
            ["Swiper.Core", "Swiper.Core.Protocol"],
            ReferencesOf(typeof(ClusterStorage).Assembly).Order(StringComparer.Ordinal).Where(static name =>
                name.StartsWith("Swiper", StringComparison.Ordinal) || name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_folder_of_storage_uses_only_those_before_it()
    {
        var arrows = Arrows();
        Assert.DoesNotContain(arrows, arrow => Place(arrow.From) <= Place(arrow.To) && !Back.Contains((arrow.From, arrow.To)));
        // None is allowed that nobody needs any more.
        Assert.Empty(Back.Except(arrows.Select(arrow => (arrow.From, arrow.To))));
    }

    private static IEnumerable<string> ReferencesOf(Assembly assembly) => assembly.GetReferencedAssemblies().Select(name => name.Name!);

    private static int Place(string folder)
    {
        var place = Array.IndexOf(Folders, folder);
        Assert.True(place >= 0, $"The folder {folder} has no place in the order of folders.");
        return place;
    }

    private static List<(string From, string To, string Example)> Arrows()
    {
        var storage = new ArchLoader().LoadAssemblies(typeof(ClusterStorage).Assembly).Build();
        var arrows =
            from user in storage.Types
            from used in user.Dependencies.Select(dependency => dependency.Target).Distinct()
            where FolderOf(user) is not null && FolderOf(used) is not null && FolderOf(user) != FolderOf(used)
            select (FolderOf(user)!, FolderOf(used)!, $"{user.Name} uses {used.Name}");
        return [.. arrows];
    }

    private static string? FolderOf(IType type) =>
        type.Namespace?.FullName is { } name && (name == Root || name.StartsWith(Root + ".", StringComparison.Ordinal))
            ? name[Root.Length..].TrimStart('.')
            : null;
}
