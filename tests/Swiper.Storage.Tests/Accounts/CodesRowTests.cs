using Swiper.Core.Accounts;
using Swiper.Storage.Accounts;

namespace Swiper.Storage.Tests.Accounts;

public sealed class CodesRowTests
{
    [Fact]
    public void What_was_written_reads_equal()
    {
        var codes = new PhoneCodes(
            [
                new SentCode("nonce-_1", "012345", "192.0.2.1", 1_700_000_000_000, Tries: 4),
                new SentCode(null, "999999", "", 1_700_000_060_000, IsUsed: true),
                new SentCode("nonce-2", "000000", "2001:db8::/64", 1_700_000_120_000),
            ],
            Tries: 3, LockedUntil: 1_700_000_600_000, ChangedAt: 1_700_000_120_000);
        var row = new CodesRow
        {
            SentAt = codes.ChangedAt, Tries = codes.Tries, LockedUntil = codes.LockedUntil, Sent = CodesRow.Write(codes),
        };
        var read = row.ToCodes();
        Assert.Equal(codes.Sent, read.Sent);
        Assert.Equal(codes with { Sent = [] }, read with { Sent = [] });
    }

    // Rows in databases look like this: names may be added, never changed.
    [Fact]
    public void What_was_stored_stays_readable()
    {
        const string Stored =
            """
            [{"Nonce":"n","Code":"012345","From":"192.0.2.1","SentAt":5,"Tries":1,"IsUsed":true},
             {"Nonce":null,"Code":"1","From":"","SentAt":6,"Tries":0,"IsUsed":false}]
            """;
        var read = new CodesRow { SentAt = 5, Sent = Stored }.ToCodes();
        Assert.Equal([new SentCode("n", "012345", "192.0.2.1", 5, 1, IsUsed: true), new SentCode(null, "1", "", 6)], read.Sent);
    }

    [Fact]
    public void A_code_of_an_older_version_stands_beside_those_of_devices()
    {
        var devices = new SentCode("n", "012345", "192.0.2.1", 5);
        var sent = CodesRow.Write(PhoneCodes.None with { Sent = [devices] });
        var read = new CodesRow { Code = "999999", SentAt = 6, Tries = 2, Sent = sent }.ToCodes();
        Assert.Equal([devices, new SentCode(null, "999999", "", 6)], read.Sent);
    }
}
