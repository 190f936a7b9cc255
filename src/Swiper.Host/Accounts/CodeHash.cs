using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Swiper.Core.Accounts;
using Swiper.Storage;
using Swiper.Storage.Cluster;

namespace Swiper.Host.Accounts;

/// <summary>
/// HMAC-SHA256 of phone and code under a key that is made once and kept where the keys of tokens are. Six digits are soon tried out by
/// whoever has the key, as tokens are soon made; without it a hash says nothing.
/// </summary>
/// <param name="readKey">Reads the key; called until it succeeds once.</param>
internal sealed class CodeHash(Func<byte[]> readKey) : ICodeHash
{
    private const string KeyFile = "codes.key";
    private const int KeyBytes = 32;
    private const int HashBytes = 16;

    private byte[]? _key;

    /// <summary>That of a cluster's hosts, or in the folder of the embedded engine's keys.</summary>
    public static CodeHash Of(IStorageEngine engine, string keyFolder) => engine is ClusterStorage cluster
        ? new CodeHash(() => cluster.TokenKeys.CodeKey(RandomNumberGenerator.GetBytes(KeyBytes)))
        : InFolder(keyFolder);

    /// <summary>With a key in a file of the folder.</summary>
    public static CodeHash InFolder(string keyFolder) => new(() => ReadOrMake(Path.Combine(keyFolder, KeyFile)));

    /// <summary>Reads the key, so that a shard that is down later stops no code.</summary>
    public void Prepare() => _key ??= readKey();

    public string Of(string phone, string code)
    {
        Prepare();
        // No phone contains the character between them.
        var hash = HMACSHA256.HashData(_key!, Encoding.UTF8.GetBytes($"{phone} {code}"));
        return Base64Url.EncodeToString(hash.AsSpan(0, HashBytes));
    }

    private static byte[] ReadOrMake(string file)
    {
        if (File.Exists(file) && File.ReadAllBytes(file) is { Length: KeyBytes } key)
            return key;
        // Whole or not at all: a key that was cut short would be made anew, and no more than the codes of three minutes are lost with it.
        var made = RandomNumberGenerator.GetBytes(KeyBytes);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var stream = new FileStream(file, options);
        stream.Write(made);
        stream.Flush(flushToDisk: true);
        return made;
    }
}
