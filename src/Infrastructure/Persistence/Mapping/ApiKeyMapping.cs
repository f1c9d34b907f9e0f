using AiGateway.Domain;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AiGateway.Infrastructure.Persistence.Mapping;

internal sealed class ApiKeyMapping : IEntityTypeConfiguration<ApiKey>
{
    private const int HashLength = 32;

    public void Configure(EntityTypeBuilder<ApiKey> builder)
    {
        builder.ToTable("api_keys");
        builder.HasKey(key => key.Id).HasName("pk_api_keys");
        builder.Property(key => key.Id).HasColumnName("id").ValueGeneratedNever();
        builder.Property(key => key.UserId).HasColumnName("user_id");
        builder.Property(key => key.Name).HasColumnName("name").HasMaxLength(StoredText.NameLength);
        builder.Property(key => key.Prefix).HasColumnName("prefix").HasMaxLength(16);
        builder.Property(key => key.Hash).HasColumnName("hash").HasMaxLength(HashLength).IsFixedLength();
        builder.Property(key => key.Scopes).HasColumnName("scopes").HasMaxLength(StoredText.NameLength);
        builder.Property(key => key.CreatedAt).HasColumnName("created_at");
        builder.Property(key => key.ExpiresAt).HasColumnName("expires_at");
        builder.Property(key => key.RevokedAt).HasColumnName("revoked_at");
        builder.Property(key => key.PreviousHash).HasColumnName("previous_hash").HasMaxLength(HashLength);
        builder.Property(key => key.PreviousValidUntil).HasColumnName("previous_valid_until");
        builder.Property(key => key.TeamId).HasColumnName("team_id");
        builder.Property(key => key.ProjectId).HasColumnName("project_id");
        builder.Property(key => key.AllowedModels).HasColumnName("allowed_models").HasMaxLength(StoredText.ListLength);
        builder.Property(key => key.AllowedNetworks).HasColumnName("allowed_networks").HasMaxLength(StoredText.ListLength);
        builder.Property(key => key.Description).HasColumnName("description").HasMaxLength(StoredText.ProblemLength);
        builder.Property(key => key.Tags).HasColumnName("tags").HasMaxLength(StoredText.ListLength);
        builder.Property(key => key.LastUsedAt).HasColumnName("last_used_at");
        MapScopes(builder);
        builder.HasIndex(key => key.PreviousHash).HasDatabaseName("ix_api_keys_previous_hash").HasFilter("previous_hash IS NOT NULL");
        builder.HasIndex(key => key.Hash).HasDatabaseName("ux_api_keys_hash").IsUnique();
        builder.HasIndex(key => new { key.CreatedAt, key.Id }).HasDatabaseName("ix_api_keys_created_at_id");
        builder.HasIndex(key => new { key.UserId, key.CreatedAt, key.Id }).HasDatabaseName("ix_api_keys_user_id_created_at_id");
        builder.HasOne(key => key.User).WithMany(user => user.ApiKeys).HasForeignKey(key => key.UserId)
            .HasConstraintName("fk_api_keys_users").OnDelete(DeleteBehavior.Restrict);
    }

    private static void MapScopes(EntityTypeBuilder<ApiKey> builder)
    {
        builder.HasOne<Scope>().WithMany().HasForeignKey(key => key.TeamId)
            .HasConstraintName("fk_api_keys_scopes_team").OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<Scope>().WithMany().HasForeignKey(key => key.ProjectId)
            .HasConstraintName("fk_api_keys_scopes_project").OnDelete(DeleteBehavior.Restrict);
        builder.HasIndex(key => key.TeamId).HasDatabaseName("ix_api_keys_team_id").HasFilter("team_id IS NOT NULL");
        builder.HasIndex(key => key.ProjectId).HasDatabaseName("ix_api_keys_project_id").HasFilter("project_id IS NOT NULL");
    }
}
