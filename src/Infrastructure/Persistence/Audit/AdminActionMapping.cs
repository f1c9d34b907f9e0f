using AiGateway.Domain;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AiGateway.Infrastructure.Persistence.Audit;

/// <summary>
/// The audit log has no foreign keys: its rows outlive what they name. The unique sequence number keeps the chain from
/// forking, should a program write without the lock.
/// </summary>
internal sealed class AdminActionMapping : IEntityTypeConfiguration<AdminAction>
{
    private const int HashLength = 32;

    public void Configure(EntityTypeBuilder<AdminAction> builder)
    {
        builder.ToTable("admin_actions");
        builder.HasKey(row => row.Id).HasName("pk_admin_actions");
        builder.Property(row => row.Id).HasColumnName("id").ValueGeneratedNever();
        builder.Property(row => row.Sequence).HasColumnName("sequence");
        builder.Property(row => row.At).HasColumnName("at");
        builder.Property(row => row.ActorId).HasColumnName("actor_id");
        builder.Property(row => row.Via).HasColumnName("via");
        builder.Property(row => row.ApiKeyId).HasColumnName("api_key_id");
        builder.Property(row => row.Action).HasColumnName("action").HasMaxLength(AdminAction.MaxWordLength);
        builder.Property(row => row.TargetKind).HasColumnName("target_kind").HasMaxLength(AdminAction.MaxWordLength);
        builder.Property(row => row.TargetId).HasColumnName("target_id").HasMaxLength(AdminAction.MaxTargetIdLength);
        builder.Property(row => row.Before).HasColumnName("before");
        builder.Property(row => row.After).HasColumnName("after");
        builder.Property(row => row.RequestId).HasColumnName("request_id");
        builder.Property(row => row.PreviousHash).HasColumnName("previous_hash").HasMaxLength(HashLength).IsFixedLength();
        builder.Property(row => row.Hash).HasColumnName("hash").HasMaxLength(HashLength).IsFixedLength();
        builder.HasIndex(row => row.Sequence).HasDatabaseName("ux_admin_actions_sequence").IsUnique();
        builder.HasIndex(row => new { row.TargetKind, row.TargetId, row.Sequence }).HasDatabaseName("ix_admin_actions_target_sequence");
    }
}
