using System.Diagnostics;
using Swiper.Core.Accounts;
using Swiper.Storage.Indexes;

namespace Swiper.Storage.Cluster.Accounts;

/// <summary>Reads the sex, age and place of all users from the shards into the directory at start, all shards in parallel.</summary>
internal sealed class PeopleReading(ClusterEngine engine)
{
    private const int UsersAQuery = 10_000;

    private long _users;

    public void Run()
    {
        var watch = Stopwatch.StartNew();
        Parallel.ForEach(engine.Shards, Read);
        if (watch.Elapsed.TotalSeconds >= 1)
            StorageLog.PeopleRead(engine.Logger, _users, watch.Elapsed.TotalSeconds);
    }

    private void Read(ClusterShard shard)
    {
        using var connection = shard.Server.Connect();
        var last = 0L;
        var read = 0;
        do
        {
            shard.Server.Run(connection, () =>
            {
                read = 0;
                connection.Query(
                    $"SELECT uid, sex, birthday, lat, lon, location FROM users WHERE uid > @p0 ORDER BY uid LIMIT {UsersAQuery}",
                    [last],
                    row =>
                    {
                        Place? place = row.IsDBNull(3) || row.IsDBNull(4) ? null : new Place(row.GetDouble(3), row.GetDouble(4));
                        engine.People.Load(
                            row.GetInt64(0),
                            Person.Of((Sex)row.GetInt32(1), row.GetInt32(2), place, row.GetString(5), engine.People.People.Locations));
                        last = row.GetInt64(0);
                        read++;
                    });
            });
            Interlocked.Add(ref _users, read);
        }
        while (read == UsersAQuery);
    }
}
