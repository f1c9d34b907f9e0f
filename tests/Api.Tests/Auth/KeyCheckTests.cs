using System.Net;
using AiGateway.Api.Auth;
using AiGateway.Api.Auth.Keys;
using AiGateway.Application;
using AiGateway.Application.ApiKeys;
using AiGateway.Application.Users;
using AiGateway.Domain;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using NSubstitute;

namespace AiGateway.Api.Tests.Auth;

/// <summary>Many first requests at once with one key: they share one look-up.</summary>
internal sealed class KeyCheckTests
{
    private const string Secret = "agw_a-secret-of-the-tests";
    private const int AtOnce = FailedAuthentications.Burst + 50;
    private TaskCompletionSource<Caller?> _lookUp = null!;
    private KeyCheck _check = null!;

    [SetUp]
    public void SetUp()
    {
        _lookUp = new();
        var callers = new OneLookUp(_lookUp.Task);
        var schemes = new CredentialSchemes(required: true, acceptsTokens: false, console: null);
        var failures = new FailedAuthentications(TimeProvider.System, NullLogger<FailedAuthentications>.Instance);
        _check = new KeyCheck(callers, new KnownKeys(callers, Substitute.For<IApiKeyUses>(), schemes), failures);
    }

    [Test]
    public async Task Key_WhenValidAndFirstUsedByManyRequestsAtOnce_IsAcceptedForAll()
    {
        var caller = new Caller(Guid.Empty, "someone", Guid.Empty, []);

        var answers = await CheckManyAsync(caller);

        Assert.That(answers.Select(each => each.Caller), Has.All.SameAs(caller));
    }

    [Test]
    public async Task Key_WhenUnknownAndSentByManyRequestsAtOnce_IsCountedForEach()
    {
        var answers = await CheckManyAsync(null);

        Assert.That(answers.Select(each => each.Caller), Has.All.Null);
        Assert.That(answers.Count(each => each.Failure?.Code == ErrorCode.RateLimited), Is.InRange(1, AtOnce - FailedAuthentications.Burst));
    }

    private async Task<KeyAnswer[]> CheckManyAsync(Caller? found)
    {
        var checks = Enumerable.Range(0, AtOnce).Select(_ => _check.CheckAsync(Secret, new DefaultHttpContext()).AsTask()).ToList();
        _lookUp.SetResult(found);
        return await Task.WhenAll(checks);
    }

    /// <summary>A directory in which a look-up takes until the test completes it.</summary>
    private sealed class OneLookUp(Task<Caller?> lookUp) : ICallerDirectory
    {
        private bool _isPending;

        public RecalledKey Recall(string secret) => new(IsKnown: false, null, WasGood: false, _isPending);

        public ValueTask<Caller?> FindByKeyAsync(string secret, IPAddress? address, CancellationToken cancellationToken)
        {
            _isPending = true;
            return new(lookUp);
        }

        public ValueTask<Caller?> FindByKeyHashAsync(ReadOnlyMemory<byte> hash, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public ValueTask<Caller?> FindBySubjectAsync(
            string issuer, string subject, string? name, TokenPath path, IReadOnlyList<string> scopes, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public void Forget() => throw new NotSupportedException();

        public void Forget(Guid userId) => throw new NotSupportedException();
    }
}
