using Swiper.Core.Accounts;
using Swiper.Storage.Cluster.Events;
using Swiper.Storage.MySql;

namespace Swiper.Storage.Cluster.Accounts;

/// <summary>
/// The changes of profiles in a lane's batch:
/// 1. the profiles are read and locked in one statement, in uid order, so that hosts that change the same ones don't deadlock;
/// 2. the changes are applied in the order they arrived;
/// 3. each profile that changed is written once.
/// </summary>
internal sealed class ProfileUpdates
{
    private readonly List<UpdateUserOperation> _updates = [];
    private readonly SortedDictionary<long, Profile?> _profiles = [];
    private readonly HashSet<long> _changed = [];
    private readonly KeyedSelect _lock = new($"SELECT {UserRow.Columns} FROM users WHERE uid IN", columns: 1, " FOR UPDATE");

    public void Add(UpdateUserOperation update) => _updates.Add(update);

    public void Flush(ShardConnection connection, EventRows events)
    {
        if (_updates.Count == 0)
            return;
        Lock(connection);
        Apply();
        foreach (var uid in _changed)
        {
            UserRow.Replace(connection, _profiles[uid]!);
            events.Add(new HostEvent(HostEventKind.ProfileChanged, uid, Subject: 0));
        }
        Clear();
    }

    public void Clear()
    {
        _updates.Clear();
        _profiles.Clear();
        _changed.Clear();
        _lock.Clear();
    }

    private void Lock(ShardConnection connection)
    {
        foreach (var update in _updates)
            _profiles[update.Uid] = null;
        foreach (var uid in _profiles.Keys)
            _lock.Add(uid);
        _lock.Execute(connection, _profiles, static (row, profiles) =>
        {
            var profile = UserRow.Read(row);
            profiles[profile.Uid] = profile;
        });
    }

    private void Apply()
    {
        foreach (var update in _updates)
        {
            if (update.Apply(_profiles[update.Uid]) is not { } changed)
                continue;
            _profiles[update.Uid] = changed;
            _changed.Add(update.Uid);
        }
    }
}
