using Microsoft.Extensions.Logging;
using Swiper.Core.Accounts;
using Swiper.Storage.Indexes;

namespace Swiper.Storage.Cluster.Accounts;

/// <summary>Reads the sex, age and place of all users from the shards into the directory at start, all shards in parallel.</summary>
internal sealed class PeopleReading(ClusterShards shards, PeopleDirectory directory, TimeProvider clock, ILogger logger)
{
    private const int UsersAQuery = 10_000;

    private long _users;

    public void Run()
    {
        var began = clock.GetTimestamp();
        Parallel.ForEach(shards, Read);
        if (clock.GetElapsedTime(began) is { TotalSeconds: >= 1 and var seconds })
            StorageLog.PeopleRead(logger, _users, seconds);
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
                        directory.Load(
                            row.GetInt64(0),
                            Person.Of((Sex)row.GetInt32(1), row.GetInt32(2), place, row.GetString(5), directory.People.Locations));
                        last = row.GetInt64(0);
                        read++;
                    });
            });
            Interlocked.Add(ref _users, read);
        }
        while (read == UsersAQuery);
    }
}
