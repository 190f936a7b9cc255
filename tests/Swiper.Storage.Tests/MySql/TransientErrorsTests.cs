using System.Data.Common;
using System.Globalization;
using Swiper.Storage.MySql;

namespace Swiper.Storage.Tests.MySql;

/// <summary>What is made of the numbers that a server answers with; it is made to answer them.</summary>
[Collection(nameof(MariaDbCollection))]
public sealed class TransientErrorsTests(MariaDbServer mariaDb)
{
    [Theory]
    [InlineData(1044, "42000", nameof(ShardFailure.Unreachable))]
    [InlineData(1045, "28000", nameof(ShardFailure.Unreachable))]
    [InlineData(1049, "42000", nameof(ShardFailure.Unreachable))]
    [InlineData(1156, "08S01", nameof(ShardFailure.Unreachable))]
    [InlineData(1835, "HY000", nameof(ShardFailure.Unreachable))]
    [InlineData(1213, "40001", nameof(ShardFailure.Contention))]
    [InlineData(1114, "HY000", nameof(ShardFailure.Refused))]
    [InlineData(1142, "42000", nameof(ShardFailure.Refused))]
    [InlineData(1062, "23000", nameof(ShardFailure.None))]
    public void A_number_of_the_list_says_what_is_wrong(int number, string sqlState, string kind) =>
        Assert.Equal(kind, KindOf(number, sqlState));

    [Theory]
    [InlineData("08S01", nameof(ShardFailure.Unreachable))]
    [InlineData("28000", nameof(ShardFailure.Unreachable))]
    [InlineData("HY000", nameof(ShardFailure.Unreachable))]
    [InlineData("70100", nameof(ShardFailure.Unreachable))]
    [InlineData("40002", nameof(ShardFailure.Contention))]
    [InlineData("21S01", nameof(ShardFailure.None))]
    [InlineData("22003", nameof(ShardFailure.None))]
    [InlineData("23000", nameof(ShardFailure.None))]
    [InlineData("42000", nameof(ShardFailure.None))]
    [InlineData("0A000", nameof(ShardFailure.None))]
    public void A_number_that_nobody_has_heard_of_is_judged_by_its_class_and_never_passed_over(string sqlState, string kind) =>
        Assert.Equal(kind, KindOf(9999, sqlState));

    private string KindOf(int number, string sqlState)
    {
        using var server = PatientShard.Server(mariaDb.ConnectionString("mysql"));
        using var connection = server.Connect();
        var told = Assert.ThrowsAny<DbException>(() => connection.ExecuteText(
            string.Create(CultureInfo.InvariantCulture, $"SIGNAL SQLSTATE '{sqlState}' SET MYSQL_ERRNO = {number}")));
        Assert.Equal(number, MySqlDriver.ErrorNumber(told));
        return TransientErrors.KindOf(told).ToString();
    }
}
