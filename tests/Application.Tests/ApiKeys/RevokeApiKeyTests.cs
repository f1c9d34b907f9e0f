using AiGateway.Application.ApiKeys;
using AiGateway.Domain;
using NSubstitute;

namespace AiGateway.Application.Tests.ApiKeys;

public sealed class RevokeApiKeyTests : IDisposable
{
    private static readonly Guid KeyId = Guid.Parse("0193a000-0000-7000-8000-0000000000aa");

    private readonly UseCases _useCases = new();

    public void Dispose() => _useCases.Dispose();

    [Test]
    public async Task Revoke_AKey_TakesEffectHereAtOnce()
    {
        _useCases.Keys.RevokeAsync(KeyId, Sample.Actor, Sample.Noon, Arg.Any<CancellationToken>()).Returns(true);

        await _useCases.SendAsync(new RevokeApiKey(Sample.Actor, KeyId));

        Received.InOrder(() =>
        {
            _useCases.Keys.RevokeAsync(KeyId, Sample.Actor, Sample.Noon, Arg.Any<CancellationToken>());
            _useCases.Callers.Forget();
        });
    }

    [Test]
    public async Task Revoke_AnUnknownKey_IsNotFound()
    {
        var failure = await Assert.ThrowsAsync<AiGatewayException>(() => _useCases.SendAsync(new RevokeApiKey(Sample.Actor, KeyId)));

        Assert.That(failure.Code, Is.EqualTo(ErrorCode.NotFound));
        Assert.That(failure.Message, Does.Contain(KeyId.ToString()));
        _useCases.Callers.DidNotReceive().Forget();
    }
}
