using System.Data.Common;
using Swiper.Core.Accounts;
using Swiper.Storage.MySql;

namespace Swiper.Storage.Cluster.Accounts;

/// <summary>Profiles for all that ask one shard at the same time.</summary>
internal sealed class ProfileRows
{
    private readonly KeyedSelect _select = new($"SELECT {UserRow.Columns} FROM users WHERE uid IN", columns: 1);
    private readonly HashSet<long> _asked = [];
    private readonly Dictionary<long, Profile> _found = [];
    private readonly Action<DbDataReader> _keep;

    public ProfileRows() => _keep = row =>
    {
        var profile = UserRow.Read(row);
        _found[profile.Uid] = profile;
    };

    public void Ask(long uid)
    {
        if (_asked.Add(uid))
            _select.Add(uid);
    }

    public Profile? Find(long uid) => _found.GetValueOrDefault(uid);

    /// <summary>Reads what was asked for; it stays until the next batch asks.</summary>
    public void Execute(ShardConnection connection)
    {
        _found.Clear();
        _asked.Clear();
        if (_select.Count > 0)
            _select.Execute(connection, _keep);
    }

    public void Clear()
    {
        _select.Clear();
        _asked.Clear();
    }
}
