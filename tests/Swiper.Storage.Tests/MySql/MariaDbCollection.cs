namespace Swiper.Storage.Tests.MySql;

/// <summary>One server for all tests that leave it as it was.</summary>
[CollectionDefinition(nameof(MariaDbCollection))]
public sealed class MariaDbCollection : ICollectionFixture<MariaDbServer>;

/// <summary>One server for the tests that stop and kill it, one after the other.</summary>
[CollectionDefinition(nameof(FailingMariaDbCollection))]
public sealed class FailingMariaDbCollection : ICollectionFixture<MariaDbServer>;
