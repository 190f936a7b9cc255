using System.Security.Cryptography;
using Swiper.Core.Dispatch;

namespace Swiper.Host.Tests;

/// <summary>What is said instead of a stack trace when a host does not start.</summary>
public sealed class StartFailureTests
{
    [Fact]
    public void Keys_that_a_store_does_not_give_are_no_fault_of_a_certificate()
    {
        var store = new StoreUnavailableException("Shard 0 does not answer.");

        Assert.Equal(store.Message,
            StartFailure.Explain(new CryptographicException("An error occurred while trying to encrypt the provided data.", store)));
        Assert.Equal("cannot use the certificate or its key: bad", StartFailure.Explain(new CryptographicException("bad")));
    }

    [Fact]
    public void A_bug_keeps_its_stack_trace() => Assert.Null(StartFailure.Explain(new InvalidOperationException("a bug")));
}
