using Swiper.Core.Accounts;
using Swiper.Storage.MySql;

namespace Swiper.Storage.Cluster.Accounts;

/// <summary>Profiles for all reads that one shard serves in a batch.</summary>
internal sealed class ProfileRows
{
    private readonly KeyedSelect _select = new($"SELECT {UserRow.Columns} FROM users WHERE uid IN", columns: 1);
    private readonly HashSet<long> _asked = [];
    private readonly Dictionary<long, Profile> _found = [];

    public void Ask(long uid)
    {
        if (_asked.Add(uid))
            _select.Add(uid);
    }

    public Profile? Find(long uid) => _found.GetValueOrDefault(uid);

    /// <summary>Reads the requested profiles, which stay until the next batch.</summary>
    public ValueTask ExecuteAsync(ShardConnection connection)
    {
        _found.Clear();
        _asked.Clear();
        return _select.ExecuteAsync(connection, _found, static (row, found) =>
        {
            var profile = UserRow.Read(row);
            found[profile.Uid] = profile;
        });
    }

    public void Clear()
    {
        _select.Clear();
        _asked.Clear();
    }
}
