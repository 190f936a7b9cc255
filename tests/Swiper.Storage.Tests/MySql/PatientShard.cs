using Swiper.Storage.MySql;

namespace Swiper.Storage.Tests.MySql;

/// <summary>A shard for tests whose subject is not the time: on a machine under load any call, a connect too, may take seconds.</summary>
internal static class PatientShard
{
    public static ShardServer Server(string connectionString, int number = 0) => new(number, connectionString, TimeSpan.FromMinutes(1));

    /// <summary>A connection whose transactions may be idle, which the server otherwise ends after two seconds.</summary>
    public static ShardConnection ConnectPatiently(this ShardServer server)
    {
        var connection = server.Connect();
        connection.ExecuteText("SET SESSION idle_write_transaction_timeout = 0");
        return connection;
    }
}
