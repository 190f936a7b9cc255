using Swiper.Storage.MySql;

namespace Swiper.Storage.Cluster.Accounts;

/// <summary>The owner of a phone number, as a row of `phones`.</summary>
internal static class PhoneRow
{
    public static long? Find(ShardConnection connection, string phone) =>
        connection.ScalarInt64("SELECT uid FROM phones WHERE phone = @p0", phone);

    /// <summary>The uid of the number. A new number gets the offered uid; concurrent claims all return the same one.</summary>
    public static long FindOrInsert(ShardConnection connection, string phone, long offeredUid)
    {
        if (connection.Execute("INSERT INTO phones (phone, uid) VALUES (@p0, @p1) ON DUPLICATE KEY UPDATE uid = uid", phone,
            offeredUid) == 1)
            return offeredUid;
        return Find(connection, phone) ?? throw new InvalidOperationException("The phone number was reported as taken but has no row.");
    }
}
