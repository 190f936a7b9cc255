using System.Reflection;

namespace Swiper.Storage.Redis;

/// <summary>A script of the folder Scripts, preceded by the scripts it depends on.</summary>
internal sealed class RedisScript
{
    public static readonly RedisScript Apply = new("Apply", "Boards", "Applying");
    public static readonly RedisScript Status = new("Status");
    public static readonly RedisScript Untrust = new("Untrust");
    public static readonly RedisScript MendBegin = new("MendBegin");
    public static readonly RedisScript MendChunk = new("MendChunk");
    public static readonly RedisScript MendFinish = new("MendFinish", "Boards", "Applying");
    public static readonly RedisScript MendAbandon = new("MendAbandon");
    public static readonly RedisScript ReadUser = new("ReadUser", "Boards");
    public static readonly RedisScript Deck = new("Deck");
    public static readonly RedisScript Swiped = new("Swiped");
    public static readonly RedisScript LikedMe = new("LikedMe");
    public static readonly RedisScript BoardTop = new("BoardTop", "Boards", "Ranking");
    public static readonly RedisScript BoardPart = new("BoardPart", "Boards", "Ranking");
    public static readonly RedisScript BoardRanks = new("BoardRanks", "Boards", "Ranking");
    public static readonly RedisScript BoardAround = new("BoardAround", "Boards", "Ranking");

    // Without the flag a cluster's server lets a script access one slot only; the groups of a server are in many.
    private const string FirstLine = "#!lua flags=allow-cross-slot-keys\n";

    private RedisScript(string name, params ReadOnlySpan<string> before)
    {
        Name = name;
        var text = FirstLine + Read("Prelude");
        foreach (var part in before)
            text += Read(part);
        Text = text + Read(name);
    }

    public string Name { get; }

    public string Text { get; }

    private static string Read(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"Redis/{name}.lua")
            ?? throw new InvalidOperationException($"The script {name} is not in the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd() + "\n";
    }
}
