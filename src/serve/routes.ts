/** Every question that the dashboard answers. */
import { actor, actors } from './pages/actors.ts';
import { commitPage } from './pages/commit.ts';
import { compare } from './pages/compare.ts';
import { coverage } from './pages/coverage.ts';
import { findingPage } from './pages/finding.ts';
import { resource } from './pages/resource.ts';
import { search } from './pages/search.ts';
import { threats } from './pages/threats.ts';
import type { Route } from './route.ts';

export const ROUTES: readonly Route[] = [threats, findingPage, commitPage, resource, actors, actor, search, compare, coverage];
